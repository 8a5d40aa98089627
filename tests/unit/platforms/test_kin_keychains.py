"""Key chains that neighbours are asked for: there with a key, empty, gone, in clear."""

from __future__ import annotations

import pytest

from netops.facts.settings import Value
from netops.platforms.answer import Answer
from netops.platforms.kin.draft import Draft
from netops.platforms.kin.keychains import settle
from netops.platforms.kin.layout import Notation, build

_CHAIN = "keychain {name} mode absolute\n key-id 1\n{algorithm}{key}#\n"
_SIGNED = "  algorithm hmac-sha-256\n"
_KEY = "  key-string cipher x\n"
_PEER = "bgp 1\n peer 192.0.2.1 keychain {name}\n#\n"


def settled(text: str, *, needs_algorithm: bool = True) -> list[Value]:
    answer = Answer.of(f"{text}return\n", "c", "o1")
    draft = Draft(answer)
    for kind in ("keychain", "md5", "none"):
        draft.put("routing.authentication", kind, 1, key=kind)
    settle(draft, build(answer, Notation()), needs_algorithm=needs_algorithm)
    return [one.value for one in draft.settings]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (_CHAIN.format(name="a", algorithm=_SIGNED, key=_KEY), "keychain"),
        (_CHAIN.format(name="a", algorithm=_SIGNED, key=""), ("unknown",)),
        (_CHAIN.format(name="a", algorithm="", key=_KEY), ("unknown",)),
        (_CHAIN.format(name="a", algorithm="  algorithm simple\n", key=_KEY), "simple"),
        (_CHAIN.format(name="b", algorithm=_SIGNED, key=_KEY), ("unknown",)),
        ("", ("unknown",)),
    ],
)
def test_a_chain_is_worth_what_its_keys_are(text: str, value: Value) -> None:
    assert settled(text + _PEER.format(name="a")) == [value, "md5", "none"]
    assert settled(_PEER.format(name="a") + text) == [value, "md5", "none"]


def test_one_good_chain_does_not_speak_for_another() -> None:
    good = _CHAIN.format(name="a", algorithm=_SIGNED, key=_KEY)
    both = _PEER.format(name="a") + _PEER.format(name="b")
    assert settled(good + both)[0] == ("unknown",)


def test_a_key_needs_no_algorithm_where_one_is_usual() -> None:
    chain = (
        "key chain a\n key 1\n  key-string x\n!\ninterface e\n ip ospf authentication key-chain a\n"
    )
    assert settled(chain, needs_algorithm=False)[0] == "keychain"
    assert settled(chain)[0] == ("unknown",)


def test_a_chain_of_labels_stands_behind_its_peer_and_a_description_asks_for_none() -> None:
    good = _CHAIN.format(name="a", algorithm=_SIGNED, key=_KEY)
    label = "mpls ldp\n authentication key-chain peer 192.0.2.1 name a\n#\n"
    loose = "interface e\n description keychain gone\n#\n"
    assert settled(good + label + loose)[0] == "keychain"


def test_a_chain_that_no_line_names_is_not_known() -> None:
    assert settled(_CHAIN.format(name="a", algorithm=_SIGNED, key=_KEY))[0] == ("unknown",)
