"""The program for hosts: what it may do, what it prints of hostile files, what it cuts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from netops.collection.guard import admit_collector
from netops.errors import GuardError
from netops.facts.answers import AnswerState
from netops.gm import sm3_hex
from netops.platforms.answer import Answer
from netops.platforms.linux_host.baseline import SECTIONS, collector
from netops.platforms.linux_host.baseline.program import render
from netops.platforms.linux_host.baseline.sheet import Sheet
from netops.platforms.settings import Section
from netops.platforms.stream import split

SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]
DEADLINE_S = 120


def ran(script: str, shell: str = SHELLS[0], octets: int = 20_000) -> str:
    """Return what one section came to."""
    program = render([Section("one", script, octets)])
    words = [shell, "sh", "-s"] if shell == "busybox" else [shell, "-s"]
    done = subprocess.run(
        words, input=program, capture_output=True, timeout=DEADLINE_S, check=True, cwd="/"
    )
    stream = split(done.stdout)
    assert stream.whole, done.stdout[-300:]
    return stream.sections["one"].decode("utf-8", "replace")


def answer_of(raw: bytes) -> Answer:
    """Return a section's octets as the readers get them."""
    return Answer("baseline/x", "h#1", tuple(enumerate(raw.decode().split("\n")[:-1], start=1)))


def test_the_guard_admits_the_program_and_no_other() -> None:
    program = collector()

    assert admit_collector(program).line == "sh -s", f"the guard must hold {sm3_hex(program)}"
    assert admit_collector(program, walk=True).line == "sh -s -- --walk"
    assert admit_collector(program).text == program
    with pytest.raises(GuardError, match="not the one that was reviewed"):
        admit_collector(program + b"\nid\n")


@pytest.mark.parametrize("shell", SHELLS)
def test_the_program_is_good_shell(shell: str) -> None:
    words = [shell, "sh", "-n"] if shell == "busybox" else [shell, "-n"]

    done = subprocess.run(words, input=collector(), capture_output=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, b"")


def test_the_program_writes_no_file_and_asks_for_no_rights() -> None:
    text = "\n".join(
        line for line in collector().decode().splitlines() if not line.lstrip().startswith("#")
    )
    shell = re.sub(r"'[^']*'", "''", text)

    redirected = re.findall(r"[0-9]?>{1,2}\s*[^\s&)}|;]+", shell)
    # What is left besides is a comparison inside an awk program that holds a quoted word.
    assert set(redirected) <= {">/dev/null", "2>/dev/null", "> ''"}
    for word in ("sudo -", "mktemp", " rm ", " mv ", "chmod ", " tee ", "python"):
        assert word not in shell


def test_names_of_sections_are_unique_and_fit_their_bounds() -> None:
    names = [section.name for section in SECTIONS]

    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in names)
    assert [section.name for section in SECTIONS if section.optional] == ["walk", "pending"]


@pytest.mark.parametrize("shell", SHELLS)
def test_files_absent_refused_and_strange_are_told_apart(tmp_path: Path, shell: str) -> None:
    (tmp_path / "here").write_text("a\n\nb")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()

    said = ran(f"show {tmp_path}/here {tmp_path}/none {tmp_path}/pipe {tmp_path}/folder", shell)

    assert said == (
        f"=absent {tmp_path}/none\n=other {tmp_path}/pipe\n=other {tmp_path}/folder\n"
        f"=file {tmp_path}/here\n|a\n|\n|b\n"
    )


@pytest.fixture
def public() -> Iterator[Path]:
    """Make a folder that other users may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_what_an_ordinary_user_may_not_see_is_refused_and_not_absent(public: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can try it as another user")
    tmp_path = public
    shut, open_ = tmp_path / "shut", tmp_path / "open"
    for folder in (shut, open_):
        (folder / "inner").mkdir(parents=True)
        (folder / "inner" / "x.conf").write_text("secret")
    shut.chmod(0o700)
    (open_ / "inner" / "x.conf").chmod(0o600)
    script = (
        f"show {shut}/inner/x.conf {shut}/inner/*.conf {open_}/inner/x.conf {open_}/inner/none\n"
        f"modes {shut}/inner/x.conf"
    )
    program = render([Section("one", script)])

    done = subprocess.run(
        ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", "-s"],
        input=program, capture_output=True, timeout=DEADLINE_S, check=True, cwd="/",
    )  # fmt: skip

    assert split(done.stdout).sections["one"].decode() == (
        f"=refused {shut}/inner/x.conf\n=refused {shut}/inner/*.conf\n"
        f"=refused {open_}/inner/x.conf\n=absent {open_}/inner/none\n"
        f"=refused {shut}/inner/x.conf\n=run stat\n=rc 0\n"
    )


def test_a_file_cannot_forge_a_mark_a_section_or_the_end(tmp_path: Path) -> None:
    evil = tmp_path / "evil"
    evil.write_text(
        "netops-evidence 1\n[one\n=file /etc/shadow\n]one\nnetops-evidence end\n=rc 0\n"
        "\x1b[2J\x1b]0;title\x07\n\u2028=file /etc/passwd\n\x85=rc 0\n"
    )

    said = ran(f"show {evil}; run cat {evil}")

    assert [line for line in said.split("\n") if not line.startswith("|")] == [
        f"=file {evil}", f"=run cat {evil}", "=rc 0", "",
    ]  # fmt: skip
    assert "|[one\n|=file /etc/shadow\n|]one\n" in said


def test_names_of_files_with_line_feeds_and_formulas_do_no_harm(tmp_path: Path) -> None:
    for name in ("=cmd|' C calc'!A0", "two\nlines", "-rf", "$(id)", "a b"):
        (tmp_path / name).write_text("x\n")

    said = ran(f"show {tmp_path}/*")

    assert said.count("=file ") == 5
    assert f"=file {tmp_path}/=cmd|' C calc'!A0\n|x\n" in said
    assert "uid=" not in said


@pytest.mark.parametrize("shell", SHELLS)
def test_endless_output_large_files_and_silence_are_bounded(tmp_path: Path, shell: str) -> None:
    with (tmp_path / "large").open("wb") as large:
        large.write(b"line\n" * 20_000)
        large.truncate(1 << 30)

    said = ran(f"run yes endless\nshow {tmp_path}/large\nrun sleep 60\nrun echo on", shell, 90_000)

    assert len(said) < 100_000
    assert said.count("=cut") >= 1
    assert re.search(r"=run sleep 60\n(?:\|Killed\n)?=rc 137\n=run echo on\n\|on\n=rc 0\n", said)


def test_a_question_of_a_command_finds_nobody() -> None:
    said = ran('run head -n 1\nrun sh -c \'printf "Answer? "; read -r x; echo "got $x"\'')

    assert "=run head -n 1\n=rc 0\n" in said
    assert "|Answer? got \n=rc 0\n" in said


@pytest.mark.parametrize("shell", SHELLS)
def test_files_are_bounded_each_and_a_pick_shows_matching_lines_alone(
    tmp_path: Path, shell: str
) -> None:
    (tmp_path / "edge").write_bytes(b"x" * 39_000 + b"\nend\n")
    (tmp_path / "over").write_bytes(b"x\n" * 20_001)
    (tmp_path / "many").write_bytes(b"core x\n" * 2_000)
    (tmp_path / "few").write_bytes(b"a\ncore 0\n\n# none\n core\n")

    said = ran(f"show {tmp_path}/edge {tmp_path}/over", shell, 90_000)
    picked = ran(f"pick '^[^#]*core' {tmp_path}/few {tmp_path}/many\nshow {tmp_path}/few", shell)

    assert said.endswith(f"|end\n=file {tmp_path}/over\n=cut\n")
    few = f"=file {tmp_path}/few\n|"
    assert picked.startswith(f"{few}core 0\n| core\n=file {tmp_path}/many\n|core x\n")
    assert picked.endswith(f"=cut\n{few}a\n|core 0\n|\n|# none\n| core\n")
    assert len(picked) < 9_000


def test_a_file_that_went_away_meanwhile_is_not_taken_for_absent(tmp_path: Path) -> None:
    (tmp_path / "here").write_text("a\n")

    said = ran(f'stat() {{ command stat "$@" {tmp_path}/gone; }}\nshow {tmp_path}/here')

    assert said == f"=file {tmp_path}/here\n|a\n=cut\n"


@pytest.mark.parametrize("shell", SHELLS)
def test_a_walk_that_does_not_end_is_not_collected_and_what_comes_after_it_is(
    public: Path, shell: str
) -> None:
    if os.geteuid() != 0:
        pytest.skip("an ordinary user's walk is refused")
    hung = public / "find"
    hung.write_text("#!/bin/sh\ncase $* in *-prune*) exec sleep 600 ;; esac\n")
    hung.chmod(0o755)
    walk = next(section for section in SECTIONS if section.name == "walk")
    program = render([walk, Section("after", "note 'say here'")])
    program = program.replace(b"PATH=/usr/sbin:", f"PATH={public}:/usr/sbin:".encode())
    program = program.replace(b"left=50", b"left=1")
    words = [shell, "sh", "-s", "--"] if shell == "busybox" else [shell, "-s", "--"]

    done = subprocess.run(
        [*words, "--walk"], input=program, capture_output=True, timeout=DEADLINE_S, check=True
    )

    stream = split(done.stdout)
    assert stream.whole
    assert stream.sections["after"] == b"=say here\n"
    sheet = Sheet.of("walk", answer_of(stream.sections["walk"]))
    assert sheet.trouble() == (
        AnswerState.NOT_ASKED, "not collected: the time for it was over",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("root:$6$salt$hash.hash/hash:19000:0:99999:7:::", "root:$*$:19000:0:99999:7:::"),
        ("x = $y$j9T$abc$def end", "x = $*$ end"),
        ("password = hunter2 # note", "password = *** # note"),
        ('Password="two words" x', "Password=*** x"),
        ("bindpw=abc,token: def", "bindpw=***,token: ***"),
        ("url ldap://joe:pw@host/", "url ldap://***@host/"),
        ("rocommunity public 192.0.2.0/24", "rocommunity ***"),
        ("password required pam_unix.so sha512", "password required pam_unix.so sha512"),
        ("passwd:         files systemd", "passwd:         files systemd"),
        ("passwordauthentication yes", "passwordauthentication yes"),
        ("-w /etc/passwd -p wa -k passwd_changes", "-w /etc/passwd -p wa -k passwd_changes"),
    ],
)
def test_secrets_are_cut_before_they_are_printed(tmp_path: Path, text: str, shown: str) -> None:
    (tmp_path / "file").write_text(text + "\n")

    assert ran(f"show {tmp_path}/file") == f"=file {tmp_path}/file\n|{shown}\n"


def test_private_keys_are_cut_whole(tmp_path: Path) -> None:
    head, foot = (f"-----{word} OPENSSH PRIVATE KEY-----" for word in ("BEGIN", "END"))
    (tmp_path / "file").write_text(f"a\n{head}\nAAAA\n{foot}\nb\n")

    said = ran(f"show {tmp_path}/file")

    assert "AAAA" not in said
    assert said.endswith("|b\n")


@pytest.mark.parametrize("shell", SHELLS)
def test_the_whole_program_runs_here_and_stays_small(shell: str) -> None:
    words = [shell, "sh", "-s"] if shell == "busybox" else [shell, "-s"]

    done = subprocess.run(
        words, input=collector(), capture_output=True, timeout=DEADLINE_S, check=True
    )

    stream = split(done.stdout)
    wanted = {section.name for section in SECTIONS if not section.optional}
    assert stream.whole
    assert not stream.cut
    assert set(stream.sections) == wanted
    assert len(done.stdout) < 250_000
    assert all(
        line.startswith(("[", "]", "=", "|", "netops-evidence "))
        for line in done.stdout.decode("utf-8", "replace").split("\n")[:-1]
    )


@pytest.mark.parametrize("shell", SHELLS)
def test_an_optional_section_runs_only_where_it_was_asked_for(shell: str) -> None:
    program = render(
        [Section("one", "note 'say a'"), Section("two", "note 'say b'", 99, optional=True)]
    )
    words = [shell, "sh", "-s"] if shell == "busybox" else [shell, "-s"]

    found = [
        set(split(subprocess.run(line, input=program, capture_output=True, timeout=DEADLINE_S,
                                 check=True).stdout).sections)
        for line in (words, [*words, "--", "--walk"])
    ]  # fmt: skip

    assert found == [{"one"}, {"one", "two"}]
