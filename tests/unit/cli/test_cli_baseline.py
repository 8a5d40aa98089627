"""``netops baseline``: codes, forms, confirmations and histories, on a host's evidence by hand."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import openpyxl
import pytest
from baseline_bench import ACCOUNTS, END, HEAD, UID, Bench, evidence
from command_line import Ended, netops
from rule_folders import put

SCHEMA = Path(__file__).parents[3] / "netops" / "reports" / "schema" / "audit-1.json"


def test_a_good_host_waits_for_persons_and_its_result_holds_to_the_schema(bench: Bench) -> None:
    document = bench.judge()

    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    verdicts = {row["id"]: row["verdict"] for row in document["subjects"]}
    assert verdicts["H1/8.1.4.1.a"] == "needs_person"
    assert verdicts["H1/8.1.4.2.b"] == "met"
    assert document["information"]["conclusions"][0]["state"] == "not_yet"
    assert document["information"]["conclusions"][0]["rate"] == {
        "floor": "33.33%",
        "ceiling": "100.00%",
    }


@pytest.mark.parametrize("form", ["json", "csv", "junit", "sarif", "oscal", "html"])
def test_the_same_snapshot_gives_the_same_bytes(bench: Bench, form: str) -> None:
    first, second = (bench.run("judge", "--format", form) for _ in range(2))

    assert first.out == second.out
    assert len(first.out) > 100


@pytest.mark.parametrize("form", ["xlsx", "docx"])
def test_documents_go_to_a_file_and_are_the_same_bytes(bench: Bench, form: str) -> None:
    paths = [bench.folder / f"{n}.{form}" for n in (1, 2)]
    for path in paths:
        bench.run("judge", "--format", form, "--output", path)

    assert paths[0].read_bytes() == paths[1].read_bytes()
    refused = bench.run("judge", "--format", form)
    assert (refused.code, refused.out) == (2, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (evidence(), 0),
        (evidence(root="yes"), 1),
        (HEAD + ACCOUNTS.format(uid=1000) + END, 3),
        (HEAD + ACCOUNTS.format(uid=0) + END, 1),
    ],
)
def test_the_code_follows_the_worst_that_is_proven(bench: Bench, text: str, code: int) -> None:
    bench.take(text)

    assert bench.run("judge", "--filter", "device=H1").code == code


def test_devices_of_no_graded_object_are_unknown_and_end_with_3(bench: Bench) -> None:
    ended = bench.run("judge")

    assert ended.code == 3
    assert "serve no graded object" in ended.out.lower() or "Serves no graded object" in ended.out


def test_evidence_that_was_not_collected_is_unknown_and_no_silence(bench: Bench) -> None:
    bench.take(HEAD + ACCOUNTS.format(uid=1000) + END)

    row = next(r for r in bench.judge()["subjects"] if r["id"] == "H1/8.1.4.1.a")
    assert row["verdict"] == "unknown"
    assert row["checks"][0]["why"][0].startswith("not_collected:")


def test_a_filter_chooses_devices_and_one_that_fits_nothing_is_refused(bench: Bench) -> None:
    assert bench.run("judge", "--filter", "kind=network", "--format", "json").code == 3
    assert "H1" not in bench.run("judge", "--filter", "kind=network", "--format", "csv").out
    assert bench.run("judge", "--filter", "device=none").code == 2
    assert bench.run("judge", "--filter", "kind=fridge").code == 2


def test_a_profile_that_is_not_there_is_refused(bench: Bench) -> None:
    ended = bench.run("judge", "--profile", "mlps-l9")

    assert ended.code == 2
    assert "mlps-l3" in ended.err


def confirm(bench: Bench, clause: str, verdict: str, *more: str) -> Ended:
    return bench.run("confirm", clause, "--by", "张三", "--verdict", verdict, "--yes", *more)


def test_a_person_confirms_what_was_proposed_until_the_evidence_changes(bench: Bench) -> None:
    assert confirm(bench, "8.1.4.1 a", "met", "--asset", "H1").code == 0
    assert bench.verdicts()["H1/8.1.4.1.a"] == "met"

    bench.take(evidence(root="no", uid=1001))
    assert bench.verdicts()["H1/8.1.4.1.a"] == "met"

    bench.take(evidence(root="yes"))
    document = bench.judge()
    kinds = [warned["kind"] for warned in document["information"]["warnings"]]
    assert kinds == ["confirmation_stale"]
    assert bench.verdicts()["H1/8.1.4.1.a"] == "not_met"


def test_what_cannot_be_confirmed_is_refused_and_nothing_is_written(bench: Bench) -> None:
    bench.take(evidence(root="yes"))
    wrong = [
        confirm(bench, "8.1.4.1.a", "met", "--asset", "H1"),
        confirm(bench, "8.1.4.1.a", "not_applicable", "--asset", "H1", "--note", "我说的"),
        confirm(bench, "8.1.4.1.a", "met", "--asset", "H1", "--object", "oa"),
        confirm(bench, "8.1.4.9.z", "met", "--asset", "H1"),
        confirm(bench, "8.1.4.1.a", "met", "--asset", "ghost"),
        confirm(bench, "8.1.1.1.a", "not_applicable", "--object", "oa"),
    ]

    assert [ended.code for ended in wrong] == [2] * 6
    assert ["proven" in ended.err for ended in wrong[:2]] == [True, True]
    assert not (bench.inventory / "confirmations.yaml").exists()


def test_nothing_is_written_without_agreement_or_on_a_dry_run(bench: Bench) -> None:
    given = ("confirm", "8.1.4.1.a", "--asset", "H1", "--by", "z", "--verdict", "met")

    assert bench.run(*given).code == 2
    assert bench.run(*given, "--dry-run").code == 0
    assert not (bench.inventory / "confirmations.yaml").exists()


def test_with_everything_decided_there_is_a_conclusion_over_the_whole(bench: Bench) -> None:
    confirm(bench, "8.1.4.1.a", "met", "--asset", "H1")
    form = bench.folder / "form.xlsx"
    assert bench.run("form", "blank", form, "--object", "oa").code == 0
    book = openpyxl.load_workbook(form)
    sheet = book["form"]
    assert [cell.value for cell in sheet[2]][:3] == ["oa", "办公", "8.1.1.1.a"]
    sheet.cell(2, 6).value = "符合"
    book.save(form)

    ended = netops("baseline", "form", "import", form, "--by", "李四", "--yes", "--on", "2026-06-01",
                   "--inventory", bench.inventory, "--policy", bench.rules)  # fmt: skip

    assert ended.code == 0, ended.err
    told = bench.judge()["information"]["conclusions"][0]
    assert (told["state"], told["grade"]["zh"]) == ("concluded", "符合")


def test_every_fault_of_a_form_is_told_with_its_line(bench: Bench) -> None:
    form = bench.folder / "form.yaml"
    form.write_text(
        "schema: netops/form/1\nobject: oa\nby: 李四\non: 2026-06-01\nitems:\n"
        "- {clause: 8.1.1.1.a, verdict: 大概}\n"
        "- {clause: 7.1.1.1.a, verdict: 符合}\n"
        "- {clause: 8.1.1.1.a, verdict: 不适用}\n"
        "- {clause: 8.1.1.1.a, verdict: 符合, object: ghost}\n"
        "- {clause: 8.1.1.1.a, verdict: ''}\n",
        encoding="utf-8",
    )

    ended = netops("baseline", "form", "import", form, "--yes", "--inventory", bench.inventory,
                   "--policy", bench.rules)  # fmt: skip

    assert ended.code == 2
    places = [line.split(" ")[0] for line in ended.err.splitlines()]
    assert places == [f"form.yaml:{line}:" for line in (6, 7, 8, 8, 9)]
    assert "form.yaml:6" in ended.err.splitlines()[3]
    assert not (bench.inventory / "confirmations.yaml").exists()


def fill(bench: Bench, *rows: str, head: str = "object: oa\nby: 李四\n") -> Ended:
    """Write a form and take it in, with the snapshot of the workspace at hand."""
    form = bench.folder / "form.yaml"
    items = "".join(f"- {{{row}}}\n" for row in rows)
    form.write_text(f"schema: netops/form/1\n{head}items:\n{items}", encoding="utf-8")
    return bench.run("form", "import", form, "--yes")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("clause: 8.1.1.1.a, verdict: met, on: 2099-01-01", "on"),
        ('clause: 8.1.1.1.a, verdict: met, by: "李\\n- {x"', "by"),
        ("clause: 8.1.1.1.a, verdict: met, requirement: 随便写的要求", "requirement"),
        ("clause: 8.1.1.1.a, verdict: met, point: 别的控制点", "point"),
        ("clause: 8.1.1.1.a, verdict: met, name: 别处的办公", "name"),
    ],
)
def test_a_row_that_was_altered_or_belongs_elsewhere_is_refused(
    bench: Bench, row: str, field: str
) -> None:
    ended = fill(bench, row)

    assert ended.code == 2
    assert [line.split(" ")[1] for line in ended.err.splitlines()] == [f"{field}:"]
    assert not (bench.inventory / "confirmations.yaml").exists()


def test_the_text_of_the_form_may_be_in_either_language_and_wrapped(bench: Bench) -> None:
    rows = 'clause: 8.1.1.1.a, verdict: 符合, requirement: "Withstands\\n earthquakes", point: 位置'

    assert fill(bench, rows).code == 0


def test_a_form_binds_a_technical_item_to_the_evidence_that_the_snapshot_shows(
    bench: Bench,
) -> None:
    assert fill(bench, "clause: 8.1.4.1.a, verdict: 符合").code == 0

    document = bench.judge()
    rows = {row["id"]: row for row in document["subjects"]}
    assert rows["oa/8.1.4.1.a"]["verdict"] == "met"
    assert document["information"]["warnings"] == []

    bench.take(evidence(root="yes"))
    ended = fill(bench, "clause: 8.1.4.1.a, verdict: 不适用, note: 我说的")
    assert ended.code == 2
    assert "proven" in ended.err


@pytest.mark.parametrize("name", ["form.doc", "form.docm", "form.xlsm", "form.ods", "form"])
def test_a_file_that_is_no_form_is_refused_by_its_name(bench: Bench, name: str) -> None:
    path = bench.folder / name
    path.write_bytes(b"PK\x03\x04")

    ended = bench.run("form", "import", path, "--by", "z", "--yes")
    assert (ended.code, ".xlsx, .docx or .yaml" in ended.err) == (2, True)


def test_a_form_that_is_a_pipe_is_refused_and_not_waited_for(bench: Bench) -> None:
    os.mkfifo(bench.folder / "form.yaml")

    assert bench.run("form", "import", bench.folder / "form.yaml", "--yes").code == 2


def test_nobody_decides_on_a_day_that_is_still_to_come(bench: Bench) -> None:
    ended = confirm(bench, "8.1.4.1.a", "met", "--asset", "H1", "--on", "2099-01-01")

    assert ended.code == 2
    assert "2099-01-01" in ended.err


def test_a_document_does_not_stand_for_evidence_that_the_machine_has(bench: Bench) -> None:
    document = bench.folder / "minutes.txt"
    document.write_text("minutes", encoding="utf-8")
    given = ("--document", str(document))

    assert confirm(bench, "8.1.4.1.a", "met", "--asset", "H1", *given).code == 2
    assert confirm(bench, "8.1.1.1.a", "met", "--object", "oa", *given).code == 0


def test_explaining_quotes_the_lines_the_remedy_and_the_history(bench: Bench) -> None:
    bench.take(evidence(root="yes"))

    ended = bench.run("explain", "8.1.4.1.a", "--asset", "H1")

    assert ended.code == 0
    assert "sshd.permitrootlogin = yes" in ended.out
    assert "a (sshd.permitrootlogin): expected: equal to no" in ended.out
    assert "PermitRootLogin yes" in ended.out
    assert "[risk medium] sed -i s/yes/no/ /etc/ssh/sshd_config" in ended.out
    history = ended.out.partition("History")[2].strip().splitlines()
    assert [line.split("  ")[-1] for line in history[1:]] == ["needs a person", "not met"]


def test_a_check_and_a_finding_can_be_explained_and_nonsense_is_refused(bench: Bench) -> None:
    bench.take(evidence(root="yes"))
    finding = bench.judge()["findings"][0]["id"]

    by_check = json.loads(bench.run("explain", "linux-root-login", "--format", "json").out)
    by_finding = json.loads(bench.run("explain", finding[:12], "--format", "json").out)

    assert [row["row"] for row in by_check["rows"]] == ["H1/8.1.4.1.a"]
    put(
        bench.rules,
        "checks/linux/linux-other/check.yaml",
        UID.replace("linux-unique-uid", "linux-other").replace(
            "ces.access.b, part: false", "ces.identity.a"
        ),
    )
    for told, checks in (
        ("8.1.4.1.a", ["linux-other", "linux-root-login"]),
        ("linux-root-login", ["linux-root-login"]),
        (finding[:12], ["linux-root-login"]),
    ):
        story = json.loads(bench.run("explain", told, "--asset", "H1", "--format", "json").out)
        assert [one["check"] for one in story["rows"][0]["checks"]] == checks
    assert [row["row"] for row in by_finding["rows"]] == ["H1/8.1.4.1.a"]
    assert bench.run("explain", "8.1.4.99.z").code == 2
    assert bench.run("explain", "8.1.4.1.a", "--asset", "ghost").code == 2


def test_drift_since_an_earlier_snapshot_is_told(bench: Bench) -> None:
    first = bench.take(evidence(root="yes"))
    bench.take(evidence())
    bench.take(evidence(root="yes", uid=0))

    drift = bench.judge("--since", first)["information"]["drift"]
    assert [change["row"] for change in drift["new"]] == ["H1/8.1.4.2.b"]
    middle = bench.judge("--since", _ids(bench)[-2])["information"]["drift"]
    assert [change["row"] for change in middle["came_back"]] == ["H1/8.1.4.1.a"]


def _ids(bench: Bench) -> list[str]:
    return sorted(path.name for path in (bench.folder / "ws" / "snapshots").iterdir())


def test_how_partly_met_counts_can_be_set_and_is_shown(bench: Bench) -> None:
    told = bench.judge("--partly", "0.5")["information"]["conclusions"][0]

    assert {"name": "partly_counts", "value": "1/2"}.items() <= told["parameters"][0].items()
    assert bench.run("judge", "--partly", "2").code == 2
    assert bench.run("judge", "--partly", "1/0").code == 2


def test_the_collector_is_one_script_of_sh(bench: Bench) -> None:
    ended = netops("baseline", "collector", "--platform", "linux")

    assert ended.code == 0
    assert "netops-evidence 1" in ended.out
    assert bench.folder.name not in ended.out
