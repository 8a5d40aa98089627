"""What the sections of servers find on a host: files that include files, processes, their owners."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from netops.platforms.linux_host.baseline.nginx_shell import SECTIONS as NGINX
from netops.platforms.linux_host.baseline.postgresql_shell import SECTIONS as POSTGRESQL
from netops.platforms.linux_host.baseline.product_shell import KEYED_LINES, section
from netops.platforms.linux_host.baseline.program import render
from netops.platforms.settings import Section
from netops.platforms.stream import split

SHELLS = [shell for shell in ("dash", "bash", "busybox") if shutil.which(shell)]
DEADLINE_S = 120
INCLUDES = r"""
keys='a b'
includes() { awk '$1 == "include" { print $2; if (++named > 99) exit }' "$@"; }
"""


def ran(script: str, shell: str = SHELLS[0], one: Section | None = None) -> list[str]:
    """Return the lines of a section that relies on what products share."""
    made = one or section("one", INCLUDES, KEYED_LINES, script)
    words = [shell, "sh", "-s"] if shell == "busybox" else [shell, "-s"]
    done = subprocess.run(
        words, input=render([made]), capture_output=True, timeout=DEADLINE_S, check=True, cwd="/"
    )
    stream = split(done.stdout)
    assert stream.whole
    return stream.sections[made.name].decode().splitlines()


@pytest.mark.parametrize("shell", SHELLS)
def test_files_are_followed_to_the_depth_once_each_and_the_last_ones_stand_last(
    tmp_path: Path, shell: str
) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "main").write_text(
        f"a 1\ninclude {tmp_path}/d/*\ninclude {tmp_path}/none\nsecret 1\n"
    )
    (tmp_path / "d/x y").write_text(f"b 2\ninclude {tmp_path}/main\ninclude {tmp_path}/deep\n")
    (tmp_path / "d/z").write_text("b 3\n\nb 4")
    (tmp_path / "deep").write_text(f"a 5\ninclude {tmp_path}/empty/*\n")
    (tmp_path / "last").write_text("a 6\n")

    said = ran(f"follow {tmp_path}/main {tmp_path}/last", shell)

    assert said == [
        f"=absent {tmp_path}/none",
        f"=file {tmp_path}/main", "|a 1",
        f"=file {tmp_path}/d/x y", "|b 2",
        f"=file {tmp_path}/d/z", "|b 3", "|b 4",
        f"=file {tmp_path}/deep", "|a 5",
        f"=file {tmp_path}/last", "|a 6",
    ]  # fmt: skip


def test_files_that_include_hundreds_are_cut_and_say_so(tmp_path: Path) -> None:
    (tmp_path / "main").write_text("".join(f"include {tmp_path}/{n}\n" for n in range(500)))

    said = ran(f"follow {tmp_path}/main")

    assert said[0].startswith("=say toomany ")
    assert said[1:] == ["=cut"]


def test_a_name_with_a_line_feed_is_refused_and_shows_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "a\nb").write_text("a 1\n")
    (tmp_path / "a").write_text("a 2\n")

    said = ran(f"conf {tmp_path}/a*")

    assert said == [f"=refused {tmp_path}/a", "|b", f"=file {tmp_path}/a", "|a 2"]


@contextmanager
def named(folder: Path, name: str, *arguments: str) -> Iterator[int]:
    """Run a process of that name and those arguments."""
    program = folder / name
    if not program.exists():
        shutil.copy(shutil.which("sh") or "/bin/sh", program)
    command = [str(program), "-c", "read x", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        yield process.pid
        process.communicate(b"\n")


@pytest.mark.parametrize("shell", SHELLS)
def test_processes_are_told_apart_whatever_their_arguments_pretend(
    tmp_path: Path, shell: str
) -> None:
    evil = "m=netops-1-x\n/proc/1/cmdline\n--port=9"
    with (
        named(tmp_path, "valkey-server", "a b", "", "*", evil) as first,
        named(tmp_path, "redis-server", "--port=7", "--port=8") as second,
        named(tmp_path, "redis-server", "--version") as asking,
    ):
        said = ran(
            'for p in $is_redis; do value_of "$p" --port=; eval "note \\"say $p $told \\$own_$p\\"";'
            f' done; eval "printf %s \\"\\$args_{first}\\""',
            shell,
        )

    owner = Path("/proc/self").owner()
    assert f"=say {first}  {owner}" in said
    assert f"=say {second} 7 {owner}" in said
    assert not [line for line in said if line.startswith(f"=say {asking} ")]
    assert said[-5:] == ["|-c", "|read x", "|a b", "|*", f"|{evil.replace(chr(10), ' ')}"]


def test_what_a_folder_of_data_calls_its_release_is_no_path_of_a_program(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("../../../tmp/x\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other/PG_VERSION").write_text("9.6\n")
    files = next(one for one in POSTGRESQL if one.name == "postgresql")
    script = f"""
one() {{ note "say release $version of $1"; }}
clusters=
cluster x {tmp_path}/postgresql.conf {tmp_path}
cluster y {tmp_path}/other/postgresql.conf {tmp_path}/other
each_cluster
"""

    said = ran("", one=Section("one", script, 30_000, shared=files.shared))

    assert said == ["=say release  of x", "=say release 9.6 of y"]


def test_a_program_that_anybody_may_call_nginx_is_not_started(tmp_path: Path) -> None:
    trap = tmp_path / "nginx"
    shutil.copy(shutil.which("sh") or "/bin/sh", trap)
    (tmp_path / "x.conf").write_text("http {\n}\n")
    title = f"nginx: master process ./nginx -c {tmp_path}/x.conf"
    with subprocess.Popen(
        [title, "-c", "read x"], executable=trap, stdin=subprocess.PIPE
    ) as process:
        said = ran("", one=NGINX[0])
        process.communicate(b"\n")

    at = said.index(f"=say instance {tmp_path}/x.conf")
    assert said[at + 1 : at + 4] == [
        f"=say main {tmp_path}/x.conf", "=say version ", f"=file {tmp_path}/x.conf",
    ]  # fmt: skip
