"""Settings: which one holds, what is refused, and that help stays light."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import SMALL, netops

from netops.cli import settings

HEAVY = ("netmiko", "napalm", "nornir", "scapy", "pysnmp", "paramiko", "asyncssh", "openpyxl")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder; three inventories beside it, told apart by their titles."""
    for name in ("local", "user", "system", "flag", "environment"):
        shutil.copytree(SMALL, tmp_path / name)
        head = tmp_path / name / "inventory.yaml"
        head.write_text(head.read_text("utf-8").replace("小样", f"title of {name}"), "utf-8")
    (tmp_path / "work").mkdir()
    (tmp_path / "xdg" / "netops").mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(settings, "SYSTEM", tmp_path / "etc" / "netops.toml")
    return tmp_path


def write(here: Path, *names: str) -> None:
    places = {"local": here / "work", "user": here / "xdg" / "netops", "system": here / "etc"}
    for name in names:
        text = f'inventory = "{here / name}"\n'
        (places[name] / "netops.toml").write_text(text, encoding="utf-8")


def title(here: Path, *options: str, **variables: str) -> str:
    environ = {"XDG_CONFIG_HOME": str(here / "xdg"), **variables}
    ended = netops("inventory", "show", "--format", "json", *options, environ=environ)
    assert ended.code == 0, ended.err
    return str(json.loads(ended.out)["title"]).removeprefix("title of ")


def test_each_place_holds_until_a_stronger_one_speaks(here: Path) -> None:
    write(here, "system")
    assert title(here) == "system"
    write(here, "user")
    assert title(here) == "user"
    write(here, "local")
    assert title(here) == "local"
    environment = str(here / "environment")
    assert title(here, NETOPS_INVENTORY=environment) == "environment"
    flag = ("--inventory", str(here / "flag"))
    assert title(here, *flag, NETOPS_INVENTORY=environment) == "flag"


def test_places_are_joined_key_by_key(here: Path) -> None:
    write(here, "system")
    (here / "work" / "netops.toml").write_text("jobs = 3\n", encoding="utf-8")

    assert title(here) == "system"


def test_a_relative_path_counts_from_the_file_that_names_it(here: Path) -> None:
    (here / "etc" / "netops.toml").write_text('inventory = "../system"\n', encoding="utf-8")

    assert title(here) == "system"


def test_the_language_of_a_file_holds_for_help_too(here: Path) -> None:
    (here / "work" / "netops.toml").write_text('lang = "zh"\n', encoding="utf-8")
    environ = {"PATH": os.environ["PATH"], "HOME": "", "LANG": "C.UTF-8"}

    done = subprocess.run(
        [sys.executable, "-m", "netops", "doctor", "--help"],
        capture_output=True, env=environ, check=True,
    )  # fmt: skip

    assert "选项" in done.stdout.decode()


def test_the_workspace_of_a_file_holds_for_snapshots(here: Path) -> None:
    (here / "work" / "netops.toml").write_text('workspace = "elsewhere"\n', encoding="utf-8")

    ended = netops("snapshot", "show")

    assert ended.code == 2
    assert ended.err.startswith("elsewhere/snapshots: ")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# mine\ncolour = 1\n", "netops.toml:2: colour: The key “colour” is not known."),
        ("[snapshot]\njobs = 1\n", "netops.toml:1: snapshot: "),
        ("\njobs = 0\n", "netops.toml:2: jobs: “0” cannot be used here."),
        ("jobs = true\n", "netops.toml:1: jobs: "),
        ("jobs = '5'\n", "netops.toml:1: jobs: "),
        ("jobs = 1.5\n", "netops.toml:1: jobs: "),
        ("timeout = nan\n", "netops.toml:1: timeout: "),
        ("timeout = inf\n", "netops.toml:1: timeout: "),
        ("timeout = 0.1\n", "netops.toml:1: timeout: "),
        ("lang = 'fr'\n", "netops.toml:1: lang: “fr” cannot be used here. Use zh or en."),
        ("lang = ['zh']\n", "netops.toml:1: lang: "),
        ("inventory = ''\n", "netops.toml:1: inventory: "),
        ("inventory = 5\n", "netops.toml:1: inventory: "),
        ("workspace = 'a\\u0000b'\n", None),
        ("jobs = 1\njobs = 2\n", "netops.toml:2: The settings are not TOML."),
        ("jobs =\n", "netops.toml:1: The settings are not TOML."),
        ("jobs = " + "[" * 5000, "netops.toml"),
        ("#" * 100_000, "netops.toml: The settings are larger than 64 KiB."),
    ],
)
def test_what_cannot_be_used_is_told_with_file_line_and_key(
    text: str, said: str | None, here: Path
) -> None:
    (here / "work" / "netops.toml").write_text(text, encoding="utf-8")
    (here / "work" / r"a\u0000b").mkdir()

    ended = netops("snapshot", "list")

    if said is None:
        assert ended.code == 0  # a literal text of TOML: a strange name, and a name
        return
    assert ended.code == 2
    assert ended.err.startswith(said), ended.err
    assert ended.err.endswith("[E200]\n")
    assert len(ended.err.splitlines()) == 1


def test_bytes_that_are_no_text_are_told_with_their_line(here: Path) -> None:
    (here / "work" / "netops.toml").write_bytes(b"jobs = 1\n# \xff\n")

    assert netops("snapshot", "list").err.startswith("netops.toml:2: ")


def test_a_folder_called_like_the_file_is_told(here: Path) -> None:
    (here / "work" / "netops.toml").mkdir()

    ended = netops("snapshot", "list")

    assert (ended.code, "E200" in ended.err) == (2, True)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("NETOPS_JOBS", "many"), ("NETOPS_TIMEOUT", "-1"), ("NETOPS_LANG", "fr"),
     ("NETOPS_JOBS", "9" * 5000)],
)  # fmt: skip
def test_a_variable_that_cannot_be_used_is_named(variable: str, value: str, here: Path) -> None:
    ended = netops("snapshot", "list", environ={variable: value})

    assert here.is_dir()
    assert ended.code == 2
    assert ended.err.startswith(f"{variable}: ")
    assert len(ended.err) < 300


def test_other_variables_of_that_form_are_none_of_ours(here: Path) -> None:
    assert here.is_dir()
    assert netops("snapshot", "list", environ={"NETOPS_AUDIT_PASSWORD": "x"}).code == 0


def test_an_audit_keeps_the_inventory_of_its_snapshot(here: Path) -> None:
    write(here, "local")

    found = settings.load()
    # Typer's own group is not needed to see which parameters are given.
    group = type("Group", (), {})()
    verb = type("Verb", (), {})
    noun = type("Noun", (), {"commands": {"exits": verb(), "check": verb()}})
    group.commands = dict.fromkeys(
        ("inventory", "exemption", "snapshot", "probe", "audit", "report"), noun()
    )
    given = settings.defaults(found, group)

    assert given["inventory"]["check"] == {"folder": str(here / "local")}
    assert "inventory" not in given["audit"]["exits"]


def test_help_loads_no_heavy_library_and_takes_little_time(here: Path) -> None:
    program = (
        "import resource, sys\n"
        "from netops.cli.app import main\n"
        "sys.argv = ['netops', '--help']\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    code = end.code\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "print(code, used.ru_utime + used.ru_stime, loaded, file=sys.stderr)\n"
    )
    assert here.is_dir()

    spent, loaded = [], set()
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
        code, seconds, names = done.stderr.decode().split(maxsplit=2)
        spent.append(float(seconds))
        loaded.add((code, names.strip()))

    assert loaded == {("0", "[]")}
    assert min(spent) <= 0.5  # 0.3 s on a machine that does nothing else; see docs/performance.md
