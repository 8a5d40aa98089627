"""Whatever stands in a specification, ``lab plan`` says one sentence and ends with 2."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from netops.errors import NetopsError
from netops.lab.build import divisions
from netops.lab.plan import plan
from netops.lab.spec_file import load_spec

DIVISIONS = Path(__file__).parents[2] / "data" / "lab_divisions.csv"
HEAD = f"""\
schema: netops/lab/1
province: "430000"
divisions: {DIVISIONS}
"""
AT = 'at: "430211"'


def fault(kind: str, *more: str) -> str:
    return f"faults: [{{{', '.join((f'kind: {kind}', *more))}}}]\n"


def twice(*words: str) -> str:
    one = "  - {" + ", ".join(words) + "}\n"
    return f"faults:\n{one}{one}"


BOMB = "faults: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"x{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)
)
REFUSED = {
    "a list": ("- 1\n- 2\n", "not a mapping", 1),
    "nothing": ("", "not a mapping", 1),
    "a tab": (HEAD + "\tseed: 1\n", "not YAML", 4),
    "an invisible character": (HEAD + 'faults: "\u202e"\n', "U+202E", 4),
    "two seeds": (HEAD + "seed: 1\nseed: 2\n", "stands already at line 4", 5),
    "aliases without end": (HEAD + BOMB, "aliases", None),
    "a tag that runs a program": (
        HEAD + "faults: !!python/object/apply:os.system ['true']\n",
        "has no meaning here",
        4,
    ),
    "brackets without end": (HEAD + "faults: " + "[" * 5_000 + "]" * 5_000, "too deeply", 4),
    "an alias as a whole list": (HEAD + "x: &x [1]\nfaults: *x\n", "not known", 4),
    "a seed of words": (HEAD + "seed: many\n", "not a whole number", 4),
    "an endless seed": (HEAD + f"seed: {'9' * 4000}\n", "seed", 4),
    "no number": (HEAD + "quirks: {tricky_banner: .nan}\n", "nan", 4),
    "an infinite delay": (HEAD + "answers: {delay: .inf}\n", "inf", 4),
    "a platform nobody plays": (HEAD + "platforms: {county: ios}\n", "“ios”", 4),
    "shares above one": (HEAD + "platforms: {county: {frr: 2}}\n", "frr", 4),
    "more departments than room": (HEAD + "departments: {county: 500}\n", "there is room", 4),
    "more routes than a device": (HEAD + "routes_per_device: 99999999\n", "20000", 4),
    "more faults than governments": (
        HEAD + "random_faults: {exits: 4000}\n",
        "no government left",
        4,
    ),
    "a place that is nowhere": (HEAD + fault("node_down", 'at: "439999"'), "“439999”", 4),
    "a place out of scope": (HEAD + fault("isolated", 'at: "430121"'), "“430121”", 4),
    "a place that is a list": (HEAD + fault("node_down", 'at: ["430211"]'), "not a text", 4),
    "a place that is a mapping": (HEAD + fault("node_down", "at: {a: b}"), "not a text", 4),
    "no place": (HEAD + fault("node_down"), "“at” is missing", 4),
    "a fault that is null": (HEAD + "faults: [null]\n", "not a list of mappings", 4),
    "a kind nobody knows": (HEAD + fault("explode", AT), "“explode”", 4),
    "a link where a device is asked": (
        HEAD + fault("node_down", 'at: "W-430211-1"'),
        "is a link",
        4,
    ),
    "a leak of another mechanism": (
        HEAD + fault("exit", AT, "mechanism: tunnel", "by: static"),
        "takes no `by`",
        4,
    ),
    "a leak by a way nobody knows": (
        HEAD + fault("exit", AT, "mechanism: vpn_leak", "by: magic"),
        "“magic”",
        4,
    ),
    "one death twice": (HEAD + twice("kind: node_down", AT), "down by another fault", 6),
    "one exit twice": (
        HEAD + twice("kind: exit", AT, "mechanism: pppoe_dialer"),
        "has an exit of mechanism pppoe_dialer in IPv4 already",
        6,
    ),
    "one exit by two names": (
        HEAD
        + 'faults:\n  - {kind: exit, at: "430211", mechanism: tunnel}\n'
        + '  - {kind: exit, at: "430211-R1", mechanism: tunnel}\n',
        "430211-R1 has an exit of mechanism tunnel",
        6,
    ),
    "one cut twice": (HEAD + twice("kind: uplink_down", AT), "cut by another fault", 6),
    "one behaviour twice": (
        HEAD + twice("kind: device", AT, "behaviour: hang"),
        "behaves as “hang” already",
        6,
    ),
    "one withdrawal twice": (HEAD + twice("kind: app_route", AT), "withdrawn at 430211", 6),
    "one contradiction twice": (HEAD + twice("kind: snmp_contradicts", AT), "contradicts", 6),
    "a leak by target on a host": (
        HEAD
        + "platforms: {county: linux_host}\n"
        + fault("exit", AT, "mechanism: vpn_leak", "by: route_target"),
        "imports no route targets",
        5,
    ),
}


@pytest.mark.parametrize("what", sorted(REFUSED))
def test_a_specification_is_refused_with_cause_and_line(what: str, tmp_path: Path) -> None:
    text, cause, line = REFUSED[what]
    path = tmp_path / "spec.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NetopsError) as caught:
        plan(load_spec(path))
    said = str(caught.value)
    assert cause in said
    assert caught.value.remedy
    assert len(said) < 800
    assert "Row(" not in said
    place = caught.value.place
    assert place is not None
    assert (Path(place.file).name, place.line if line else None) == ("spec.yaml", line)


@pytest.mark.parametrize("what", ["aliases without end", "one exit twice", "a place out of scope"])
def test_lab_plan_ends_with_2_and_one_line(what: str, tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_text(REFUSED[what][0], encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "netops", "lab", "plan", str(path), "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    assert re.search(r"spec\.yaml:\d+", line)
    assert not (tmp_path / "out").exists()


def test_without_a_list_of_divisions_the_remedy_says_how_to_name_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the package was installed without the repository around it."""
    monkeypatch.setattr(divisions, "PACKAGED", tmp_path / "inventory" / "governments.csv")
    path = tmp_path / "spec.yaml"
    path.write_text('schema: netops/lab/1\nprovince: "430000"\n', encoding="utf-8")
    with pytest.raises(NetopsError, match="names no list of divisions") as caught:
        plan(load_spec(path))
    assert "divisions: FILE" in str(caught.value.remedy)
