"""What the shell on a host lets out of configuration files: no secret, whatever their form."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from netops.platforms.linux_host.baseline.products import SECTIONS
from netops.platforms.linux_host.baseline.program import frame, render
from netops.platforms.settings import Section

SHELLS = [name for name in ("dash", "bash", "busybox") if shutil.which(name)]


def shown_of(name: str, paths: list[Path]) -> str:
    """Run the filter of a section over files, as it stands there, without the program's own mask."""
    section = next(section for section in SECTIONS if section.name == name)
    common = section.shared[0]
    lines = [
        common[common.index("plain=") : common.index("# conf FILE")],
        next(line for line in section.script.splitlines() if line.startswith("keys=")),
        section.script[section.script.index("filter=") : section.script.index("}'\n") + 3],
        'stat -L -c "%s %n" "$@" | awk -v keys="$keys" -v mark=@ "$filter$files"',
    ]
    done = subprocess.run(
        ["/bin/sh", "-c", "\n".join(lines), "sh", *paths], capture_output=True, check=True
    )
    return done.stdout.decode()


def filtered(name: str, text: str, folder: Path) -> list[str]:
    """Return what the filter of a section lets through of a text."""
    (folder / "text").write_text(text, encoding="utf-8")
    head, _, shown = shown_of(name, [folder / "text"]).partition("\n@=file ")
    assert head == ""
    return shown.splitlines()[1:]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("postgresql", "ssl = on\nx = 1\n"),
        ("redis", "requirepass foobared\nuser a on >b\n"),
        ("mariadb", "[mysqld]\nskip-networking\nx=1\n"),
        ("nginx", 'http { server_name "a;\n'),
        ("tomcat", '<!-- a --><Server port="1"><!DOCTYPE x>\n'),
    ],
)
def test_files_are_filtered_apart_though_one_process_reads_them(
    tmp_path: Path, name: str, text: str
) -> None:
    alone = filtered(name, text, tmp_path)
    (tmp_path / "empty").write_text("")
    with (tmp_path / "large").open("wb") as large:
        large.truncate(1 << 30)
    paths = [tmp_path / one for one in ("text", "empty", "large", "text")]

    parts = shown_of(name, paths).split("\n@=file ")

    assert alone
    assert [part.partition("\n")[0] for part in parts[1:]] == [str(path) for path in paths]
    bodies = [part.partition("\n")[2].splitlines() for part in parts[1:]]
    assert bodies == [alone, [], ["", "@=cut"], alone]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_sections_are_text_that_every_shell_understands(shell: str) -> None:
    program = render(SECTIONS)
    command = ["busybox", "sh"] if shell == "busybox" else [shell]
    subprocess.run([*command, "-n"], input=program, check=True)
    assert b"\n#SECTIONS#" not in program
    assert "#SECTIONS#" in frame()


def test_sections_bring_no_section_of_the_same_name_twice() -> None:
    names = [section.name for section in SECTIONS]
    assert len(names) == len(set(names))
    assert all(isinstance(section, Section) and section.octets <= 60_000 for section in SECTIONS)


def test_postgresql_shows_the_parameters_it_knows_alone(tmp_path: Path) -> None:
    text = "ssl = on\r\nprimary_conninfo = 'host=a password=geheim'\n#ssl = off\n LOG_STATEMENT=ddl"
    assert filtered("postgresql", text, tmp_path) == ["ssl = on", " LOG_STATEMENT=ddl"]


def test_redis_shows_of_which_kind_a_secret_is(tmp_path: Path) -> None:
    text = (
        'requirepass "foobared"\nrequirepass geheim-und-lang-1\nrequirepass ""\nmasterauth abc\n'
        "user app on >geheim-und-lang-1 #0123abcd <alt-geheim ~* +@all\n"
        'rename-command CONFIG geheim-name\nrename-command FLUSHALL ""\ntls-key-file-pass geheim\n'
    )
    shown = filtered("redis", text, tmp_path)
    assert shown == [
        "requirepass weak", "requirepass plain", "requirepass empty", "masterauth weak",
        "user app on >plain #hash <hash ~* +@all", "rename-command CONFIG renamed",
        'rename-command FLUSHALL ""',
    ]  # fmt: skip


def test_nginx_comes_one_statement_a_line_without_comments_code_and_tables(tmp_path: Path) -> None:
    text = (
        "user www-data; http { # server_tokens off;\n server_tokens\n  on;\n"
        'map $a $b { default geheim; } add_header X-Token geheim; add_header X-Frame-Options "DE NY";\n'
        'log_format main "$remote_addr {" \'"$request"\';\n'
        'content_by_lua_block { local s = "geheim}" if a { } }\n'
        "server { listen 80; proxy_pass http://u:geheim@h/; set $x geheim; location ~ ^/a{2} { autoindex on; } }\n}\n"
    )
    shown = filtered("nginx", text, tmp_path)
    assert "geheim" not in "\n".join(shown)
    assert shown[:4] == ["user www-data;", "http {", "server_tokens on;", "map {"]
    assert 'add_header X-Frame-Options "DE NY";' in shown
    assert "log_format main \"$remote_addr {\" '$request';" in shown


def test_nginx_that_ends_inside_of_a_quote_says_so(tmp_path: Path) -> None:
    assert filtered("nginx", 'http { server_name "a;\n}\n', tmp_path)[-1] == "?"


def test_tomcat_shows_allowed_attributes_and_kinds_of_secrets(tmp_path: Path) -> None:
    text = (
        '<?xml version="1.0"?>\n<!-- <user username="a" password="geheim"/> -->\n<Server port="8005"\n'
        ' shutdown="geheim">\n<Connector port="8443" keystorePass="geheim" secret=\'geheim\'/>\n'
        '<Resource url="jdbc:x?password=geheim" username="u" password="s3cret"/>geheim\n'
        '<user username="b" password="0123456789abcdef0123456789abcdef" roles="manager-gui"/>\n'
        "<context-param><param-name>token</param-name><param-value>geheim</param-value></context-param>\n"
        "</Server>\n"
    )
    shown = filtered("tomcat", text, tmp_path)
    assert "geheim" not in "\n".join(shown)
    assert shown[:3] == [
        '<Server port="8005" shutdown="changed">', '<Connector port="8443" secretform="weak"/>',
        '<Resource username="u" passwordform="weak"/>',
    ]  # fmt: skip
    assert '<user username="b" passwordform="digest" roles="manager-gui"/>' in shown


def test_tomcat_shows_nothing_behind_a_declaration(tmp_path: Path) -> None:
    text = '<!DOCTYPE a [<!ENTITY b "c">]>\n<Server port="8005"/>\n'
    assert filtered("tomcat", text, tmp_path) == ["<declared/>"]
