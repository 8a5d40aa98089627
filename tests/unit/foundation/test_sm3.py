"""SM3 against the examples of GB/T 32905-2016, annex A, by both implementations."""

from __future__ import annotations

import pytest

from netops.gm import sm3_hex
from netops.gm.sm3 import sm3_by_gmssl, sm3_hex_of

EXAMPLES = [
    (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
]


@pytest.mark.parametrize(("data", "digest"), EXAMPLES)
def test_both_implementations_give_the_digest_of_the_standard(data: bytes, digest: str) -> None:
    assert sm3_hex(data) == digest
    assert sm3_by_gmssl(data) == digest


def test_the_implementations_agree_on_every_length_around_a_block() -> None:
    for length in range(130):
        data = bytes(range(length))
        assert sm3_by_gmssl(data) == sm3_hex(data)


@pytest.mark.parametrize("has_sm3", [True, False])
@pytest.mark.parametrize("pieces", [[b"abc"], [b"a", b"", b"bc"], [b"a", b"b", b"c"]])
def test_what_comes_in_pieces_has_the_digest_of_the_whole(
    monkeypatch: pytest.MonkeyPatch, pieces: list[bytes], *, has_sm3: bool
) -> None:
    monkeypatch.setattr("netops.gm.sm3._libcrypto_has_sm3", lambda: has_sm3)
    digest = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3_hex_of(iter(pieces)) == digest
