"""``netops baseline`` at its edges: what is missing, damaged, endless, or asked for twice."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import openpyxl
import pytest
from baseline_bench import Bench, evidence
from command_line import netops
from docx import Document

from netops.errors import UsageError
from netops.inventory import load
from netops.reports.write import replace_file

CONFIRM = ("confirm", "8.1.1.1.a", "--object", "oa", "--by", "Ann", "--verdict", "met", "--yes")


def snapshots(bench: Bench) -> list[Path]:
    return sorted((bench.folder / "ws" / "snapshots").iterdir())


def test_a_device_whose_evidence_is_gone_is_refused_and_not_called_unasked(bench: Bench) -> None:
    (snapshots(bench)[0] / "devices" / "H1.jsonl.gz").unlink()

    ended = bench.run("judge", "--format", "json")

    assert (ended.code, ended.out) == (2, "")
    assert "The file of device H1 is missing" in ended.err


def test_only_what_was_taken_before_can_be_compared_with(bench: Bench) -> None:
    first = snapshots(bench)[0].name
    second = bench.take(evidence(root="yes"))

    same = bench.run("judge", "--since", second)
    later = bench.run("judge", "--snapshot", first, "--since", second)

    assert (same.code, later.code) == (2, 2)
    assert f"Snapshot {second} was not taken before {second}" in same.err
    assert same.out == ""


def test_a_damaged_snapshot_hides_neither_history_nor_list_nor_changes(bench: Bench) -> None:
    first = bench.take(evidence(root="yes"))
    bench.take(evidence())
    broken = snapshots(bench)[0]
    (broken / "manifest.json").write_text("{]", encoding="utf-8")

    listed = netops("snapshot", "list", "--workspace", bench.folder / "ws", "--format", "json")
    rows = json.loads(listed.out)["snapshots"]
    assert [row["id"] for row in rows] == [path.name for path in snapshots(bench)]
    assert [("fault" in row, bool(row["end"])) for row in rows] == [
        (True, False), (False, True), (False, True)
    ]  # fmt: skip
    shown = bench.run("explain", "8.1.4.1.a", "--asset", "H1")
    assert shown.code == 0
    assert "manifest.json cannot be read" in shown.out
    changed = bench.run("judge", "--since", first, "--format", "json")
    assert [one["row"] for one in json.loads(changed.out)["information"]["drift"]["fixed"]] == [
        "H1/8.1.4.1.a"
    ]
    assert f"Snapshot {broken.name} was passed over" in changed.err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("8.1.4.1.a --asset H1/nginx", "There is no asset “H1/nginx”"),
        ("0123456789ab", "No finding of this snapshot begins with “0123456789ab”"),
    ],
)
def test_what_the_snapshot_does_not_have_is_not_explained(
    name: str, said: str, bench: Bench
) -> None:
    ended = bench.run("explain", *name.split())

    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_a_finding_that_no_row_names_is_explained_by_itself(bench: Bench) -> None:
    document = json.loads(bench.run("judge", "--format", "json").out)
    finding = next(one for one in document["findings"] if one["cause"] == "no_graded_object")

    ended = bench.run("explain", finding["id"][:12])

    assert ended.code == 0
    assert finding["message"]["en"] in ended.out
    assert "graded.yaml" in ended.out


def test_an_asset_of_which_nothing_is_asked_is_told_so(bench: Bench) -> None:
    ended = bench.run("explain", "8.1.4.1.a", "--asset", "K1")
    with_profile = bench.run("explain", "8.1.4.1.a", "--asset", "K1", "--profile", "mlps-l3")

    assert ended.code == 0
    assert "serves no graded object" in ended.out
    assert "serves no graded object" not in with_profile.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--object", "ghost"), "There is no graded object “ghost”"),
        (("--asset", "ghost"), "There is no asset “ghost”"),
    ],
)
def test_nobody_confirms_for_what_is_not_registered(
    words: tuple[str, str], said: str, bench: Bench
) -> None:
    ended = bench.run("confirm", "8.1.1.1.a", "--by", "Ann", "--verdict", "met", *words)

    assert ended.code == 2
    assert said in ended.err


def test_a_document_without_an_end_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe, long = bench.folder / "pipe", bench.folder / "long.pdf"
    os.mkfifo(pipe)
    with long.open("wb") as stream:
        stream.truncate((1 << 20) + 1)
    monkeypatch.setattr("netops.cli.baseline_record._MOST_MEBIBYTES", 1)

    for path, said in ((pipe, "no regular file"), (long, "larger than 1 MiB")):
        ended = bench.run(*CONFIRM, "--document", path)
        assert ended.code == 2
        assert said in ended.err
        assert str(path) in ended.err
    assert not (bench.inventory / "confirmations.yaml").exists()


@pytest.mark.parametrize("name", ["new/form.xlsx", "new/form.yaml"])
def test_a_blank_form_is_whole_or_absent_and_makes_its_folder(
    name: str, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ("--policy", bench.rules, "--inventory", bench.inventory)
    target = bench.folder / name
    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", full)
        refused = netops("baseline", "form", "blank", target, "--object", "oa", *place)
    assert refused.code == 2
    assert "No space left" in refused.err
    assert list(target.parent.iterdir()) == []

    ended = netops("baseline", "form", "blank", target, "--object", "oa", *place)

    assert ended.code == 0, ended.err
    if name.endswith(".xlsx"):
        sheet = openpyxl.load_workbook(target)["form"]
        assert sheet.cell(2, 3).value == "8.1.1.1.a"
    else:
        assert "8.1.1.1.a" in target.read_text(encoding="utf-8")


def full(*_any: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_an_output_that_cannot_be_finished_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old.json").write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", full)

    with pytest.raises(UsageError, match="No space left"):
        replace_file(tmp_path / "old.json", b"new")

    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("old.json", b"old")]


def test_a_file_in_the_place_of_a_folder_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(UsageError, match="Not a directory"):
        replace_file(tmp_path / "file" / "out.json", b"new")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "docx"])
def test_a_form_that_an_office_program_can_open_is_read_back(
    kind: str, lang: str, bench: Bench
) -> None:
    form = bench.folder / f"form.{kind}"
    place = ("--policy", bench.rules, "--inventory", bench.inventory)
    blank = netops("baseline", "form", "blank", form, "--object", "oa", "--lang", lang, *place)
    assert blank.code == 0, blank.err
    if kind == "xlsx":
        _fill_workbook(form, "符合", "见记录 7")
    else:
        _fill_document(form, "符合", "见记录 7")

    ended = bench.run("form", "import", form, "--by", "Ann", "--on", "2026-03-01", "--yes")

    assert ended.code == 0, ended.err
    (given,) = load(bench.inventory).confirmations
    assert (given.clause, given.object, given.verdict) == ("8.1.1.1.a", "oa", "met")
    assert (given.by, given.note, given.on.isoformat()) == ("Ann", "见记录 7", "2026-03-01")


def _fill_workbook(form: Path, verdict: str, note: str) -> None:
    book = openpyxl.load_workbook(form)
    book["form"].cell(2, 6).value = verdict
    book["form"].cell(2, 9).value = note
    book.save(form)


def _fill_document(form: Path, verdict: str, note: str) -> None:
    document = Document(str(form))
    cells = document.tables[0].rows[1].cells
    cells[5].text, cells[8].text = verdict, note
    document.save(str(form))


def test_a_fault_in_a_document_is_told_with_its_row_and_nothing_is_written(bench: Bench) -> None:
    form = bench.folder / "form.docx"
    place = ("--policy", bench.rules, "--inventory", bench.inventory)
    netops("baseline", "form", "blank", form, "--object", "oa", *place)
    _fill_document(form, "perhaps", "")

    ended = bench.run("form", "import", form, "--by", "Ann", "--yes")

    assert ended.code == 2
    assert "form.docx:2: verdict: “perhaps” is not known here" in ended.err
    assert not (bench.inventory / "confirmations.yaml").exists()


def test_a_blank_workbook_has_room_for_what_it_asks(bench: Bench) -> None:
    text = "很长的要求" * 60
    catalogue = bench.rules / "catalog" / "standard.yaml"
    catalogue.write_text(
        catalogue.read_text(encoding="utf-8").replace("zh: 防震", f"zh: {text}"), encoding="utf-8"
    )
    form = bench.folder / "form.xlsx"
    place = ("--policy", bench.rules, "--inventory", bench.inventory)

    netops("baseline", "form", "blank", form, "--object", "oa", "--lang", "zh", *place)

    sheet = openpyxl.load_workbook(form)["form"]
    assert sheet.cell(2, 5).value == text
    # 300 characters of two columns each in a column of 60 are ten lines at least.
    assert sheet.row_dimensions[2].height >= 150


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty or holds invisible characters"),
        ("a\u200bb", "is empty or holds invisible characters"),
        ("x" * 2001, "is longer than 2000 characters"),
    ],
)
def test_what_no_record_should_hold_is_refused(text: str, said: str, bench: Bench) -> None:
    exempted = netops(
        "exemption", "add", "--number", "1", "--rule", "linux-root-login", "--subject", "asset:H1",
        "--reason", text, "--approver", "Ann", "--begin", "2026-01-01", "--end", "2026-12-31",
        "--inventory", bench.inventory, "--yes",
    )  # fmt: skip
    confirmed = bench.run(
        "confirm", "8.1.1.1.a", "--object", "oa", "--by", text, "--verdict", "met"
    )

    assert (exempted.code, confirmed.code) == (2, 2)
    assert f"--reason {said}" in exempted.err
    assert f"--by {said}" in confirmed.err


def test_text_that_nobody_collected_by_hand_is_refused_before_a_snapshot_is_begun(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = snapshots(bench)
    home = bench.folder / "collected" / "H1"
    home.mkdir(parents=True)
    (home / "session.log").write_bytes(b"x" * 2000)
    place = ("--inventory", bench.inventory, "--workspace", bench.folder / "ws")
    os.utime(home / "session.log", (0, 1e13))

    odd = netops("snapshot", "import", home.parent, *place)
    assert (odd.code, "none at which anything was collected" in odd.err) == (2, True)
    os.utime(home / "session.log")
    monkeypatch.setattr("netops.collection.handmade._MOST_OCTETS", 1000)
    huge = netops("snapshot", "import", home.parent, *place)
    single = netops("snapshot", "import", home / "session.log", "--device", "H1", *place)

    assert (huge.code, single.code) == (2, 2)
    assert f"{home / 'session.log'}: The file is larger than 64 MiB." in huge.err
    assert "larger than 64 MiB" in single.err
    assert snapshots(bench) == before


def test_what_is_neither_file_nor_folder_is_called_so(bench: Bench) -> None:
    pipe = bench.folder / "pipe"
    os.mkfifo(pipe)

    for path in (pipe, bench.folder / "ghost"):
        ended = netops("snapshot", "import", path, "--device", "H1", "--inventory", bench.inventory)
        assert ended.code == 2
        assert f"{path}: There is no such file or folder" in ended.err


def test_a_template_without_an_end_is_refused(bench: Bench) -> None:
    pipe = bench.folder / "pipe.xlsx"
    os.mkfifo(pipe)

    ended = bench.run(
        "judge", "--format", "xlsx", "--template", pipe, "--output", bench.folder / "o.xlsx"
    )

    assert ended.code == 2
    assert f"{pipe}: The template is no regular file" in ended.err


def test_one_answer_is_shown_of_a_device_that_is_named(bench: Bench) -> None:
    ended = netops(
        "snapshot", "show", "latest", "--command", "x", "--workspace", bench.folder / "ws"
    )

    assert (ended.code, ended.out) == (2, "")
    assert "--command belongs to --device" in ended.err


def test_what_to_compare_with_is_looked_for_before_any_device_is_asked(bench: Bench) -> None:
    before = snapshots(bench)

    ended = bench.run("scan", "--since", "ghost", "--filter", "device=H1")

    assert ended.code == 2
    assert "There is no snapshot 'ghost'" in ended.err
    assert snapshots(bench) == before


def test_of_a_copy_that_does_not_fit_the_full_place_is_named(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_target(source: Path, target: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(source), None, str(target))

    monkeypatch.setattr("shutil.copyfile", full_target)
    ended = netops(
        "snapshot", "import", bench.folder / "evidence.txt", "--device", "H1",
        "--inventory", bench.inventory, "--workspace", bench.folder / "other",
    )  # fmt: skip

    assert ended.code == 2
    assert ended.err.startswith(f"{bench.folder / 'other' / 'snapshots'}")
    assert "No space left" in ended.err
