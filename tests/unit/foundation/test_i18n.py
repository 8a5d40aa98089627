"""Every text that people read has a Chinese form, and the compiled catalogue is up to date."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import catalogue
import pytest

from netops.errors import Fault, Place, Sentence, SnapshotError
from netops.i18n import refusal, spoken, told


def test_every_text_in_the_code_has_a_translation() -> None:
    known = catalogue.translations()

    assert [text for text in sorted(catalogue.texts_of_the_code()) if not known.get(text)] == []


def test_the_search_for_texts_finds_each_of_the_ways_to_say_one() -> None:
    found = catalogue.texts_of_the_code()

    assert "Governments, devices, links, exits." in found  # _("…")
    assert "“{text}” is not a prefix." in found  # Sentence("…")
    assert "Give a government one node." in found  # faults.add(…, "…")
    assert "The file is missing." in found  # Fault(…)
    assert "There is no complete snapshot in the workspace." in found  # SnapshotError(…)
    assert "Restore the snapshot from a good copy, or take it again." in found  # by a name
    assert "List the snapshots of the workspace, oldest first." in found  # help of a command


def test_no_translation_is_left_of_a_text_that_is_gone() -> None:
    wanted = catalogue.texts_of_the_code() | catalogue.texts_of_typer()

    assert sorted(set(catalogue.translations()) - wanted) == []


def test_a_translation_fills_in_the_same_values_as_the_original() -> None:
    wrong = [
        text
        for text, zh in catalogue.translations().items()
        if zh and catalogue.placeholders(text) != catalogue.placeholders(zh)
    ]

    assert wrong == []


def test_the_compiled_catalogue_is_what_the_po_says() -> None:
    fresh = catalogue.catalogue_of(catalogue.translations())

    assert catalogue.mo_bytes(fresh) == catalogue.MO.read_bytes()
    assert catalogue.po_bytes(fresh) == catalogue.PO.read_bytes()


def test_a_sentence_is_its_english_text() -> None:
    sentence = Sentence("“{text}” is not a prefix.", text="10.0.0.1/8")

    assert sentence == "“10.0.0.1/8” is not a prefix."
    assert Sentence("braces {stay}") == "braces {stay}"


def test_a_sentence_is_translated_with_the_sentences_inside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NETOPS_LANG", "zh")
    sentence = Sentence(
        "“{name}” is not a {what} of this inventory.", name="N-{x}", what=Sentence("node")
    )

    assert spoken(sentence) == "“N-{x}”不是此台账中的节点。"
    assert spoken("a text that no catalogue holds") == "a text that no catalogue holds"
    assert spoken("") == ""


def test_errors_and_faults_are_told_in_chinese_and_in_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fault = Fault("bad_prefix", Place("subnets.csv", 6, "prefix"),
                  Sentence("“{text}” is not a prefix.", text="x"),
                  "Write it like 10.1.2.0/24, without host bits.")  # fmt: skip
    error = SnapshotError("Try again.", remedy="Take a new snapshot.")

    monkeypatch.setenv("NETOPS_LANG", "en")
    assert told(fault) == str(fault)
    assert told(error) == "Try again. Take a new snapshot. [E330]"

    monkeypatch.setenv("NETOPS_LANG", "zh")
    assert told(fault) == (
        "subnets.csv:6: prefix: “x”不是地址前缀。写法如 10.1.2.0/24，主机位须为零。 [bad_prefix]"
    )
    assert told(error) == "请重试。请重新采集快照。 [E330]"


def _run(lang: str, *arguments: str) -> str:
    environment = {**os.environ, "NETOPS_LANG": lang, "TERM": "dumb", "COLUMNS": "100"}
    command = [sys.executable, "-m", "netops", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["选项", "命令", "对快照进行审计", "政府、设备、线路、出口"]),
        ("en", ["Options", "Commands", "Judge a snapshot", "Governments, devices, links, exits"]),
    ],
)
def test_the_help_speaks_the_language_of_the_user(lang: str, words: list[str]) -> None:
    text = _run(lang, "--help")

    assert [word for word in words if word not in text] == []


def test_a_command_without_help_of_its_own_shows_its_docstring_in_chinese() -> None:
    assert "一次报告全部问题" in _run("zh", "inventory", "check", "--help")


def test_inventory_check_names_cause_and_remedy_in_chinese(tmp_path: Path) -> None:
    text = _run("zh", "inventory", "check", str(tmp_path / "none"))

    assert "没有这个台账目录" in text
    assert "netops inventory template" in text


def test_what_the_system_refuses_is_told_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETOPS_LANG", "zh")
    cause = Sentence("The file cannot be read: {reason}.", reason=os.strerror(errno.ENOENT))
    assert spoken(cause) == "文件无法读取：没有该文件或文件夹。"
    assert refusal("a reason of nobody's") == "a reason of nobody's"
    assert refusal(5) == 5
