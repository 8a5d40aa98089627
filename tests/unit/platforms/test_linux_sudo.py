"""Which grants of sudo come to every command: by hand, after sudoers(5) and the manuals."""

from __future__ import annotations

from typing import Any

import pytest
from host_texts import file, values


def sudoers(text: str) -> dict[str, Any]:
    return values(sudoers=file("/etc/sudoers", text))


@pytest.mark.parametrize(
    "command",
    [
        "/usr/bin/view",  # a listing of CentOS 7
        "/usr/bin/vim /etc/hosts",  # :! and :w /etc/sudoers, whatever file it began with
        "/usr/bin/vim.basic",
        "sha256:0a1b2c /usr/bin/vi",
        "CWD=/var/log /usr/bin/vi",
        "/usr/bin/less /var/log/messages",
        "/usr/bin/man",
        "/usr/bin/find",
        "/usr/bin/find /var/log *",
        "/bin/tar",
        "/usr/bin/tee /var/log/*",  # the wildcard takes a second file
        "/bin/cp /tmp/* /srv/www/",
        "/usr/bin/python3.9",
        "/usr/local/bin/python3 -c *",
        "/usr/bin/perl",
        "/usr/bin/env",
        "/usr/bin/env LANG=C /bin/bash",
        "/usr/bin/timeout 5 /usr/bin/vi",
        "/usr/bin/docker run *",
        "/usr/bin/docker",
        "/usr/bin/systemctl",
        "/usr/bin/systemctl * nginx",
        "/usr/bin/systemctl edit nginx",
        "/usr/bin/crontab -e",
        "/sbin/ip netns exec *",
        "/usr/bin/v*",
        "/usr/*/nano",
        "/usr/bin/",
        "/bin/su -",
        "/usr/bin/su *",
        "/usr/bin/su *, !/usr/bin/su *root*",  # su -c id is root without naming it
        "/usr/bin/su [!-]*",
        "/bin/su - [a-z]*",
        "/bin/su [a-z]*, !/bin/su - root",  # su root is left
        "/usr/bin/passwd",
        "/usr/bin/passwd *",
        "/usr/sbin/visudo",
        "sudoedit",
        "sudoedit /etc/*",
        "sudoedit /etc/sudoers.d/*",
        "/usr/bin/rsync ^.*$",
        "SETENV: /usr/bin/uptime",
    ],
)
def test_a_program_that_opens_a_shell_or_writes_any_file_is_every_command(command: str) -> None:
    found = sudoers(f"wang ALL=(root) NOPASSWD: {command}")

    assert found["sudo.nopasswd_all"] == ("wang",)
    assert found["sudo.all_commands_others"] == ("wang",)


@pytest.mark.parametrize(
    "command",
    [
        "/usr/bin/uptime",
        "/bin/cat /var/log/*",  # it reads any file and writes none
        "/usr/bin/systemctl restart nginx",
        "/usr/bin/systemctl restart *",
        "/usr/bin/docker ps *",
        "/sbin/ip addr *",
        "/usr/bin/tar -czf /srv/backup.tgz /etc",
        "/usr/bin/tee /etc/motd",
        '/usr/bin/find ""',
        "/usr/bin/rsync ^-a /srv/[a-z]+ /mnt$",
        "/usr/bin/python3 /opt/report.py *",
        "/bin/bash /opt/report",
        "/usr/bin/nice -n 5 /usr/bin/du *",
        "/bin/su - oracle",
        "/bin/su - oracle -c *",
        "/usr/bin/passwd operator",
        "/usr/bin/passwd [A-Za-z]*, !/usr/bin/passwd *root*",  # this and the next: sudoers(5)
        "/usr/bin/su [!-]*, !/usr/bin/su *root*",
        "sudoedit /etc/motd",
        "sudoedit /srv/www/*",
        "sudoedit /e*",  # the wildcard of sudoedit takes no slash
        "/opt/tools/vi",  # a program that nobody knows
        "/usr/bin/crontab -l",
    ],
)
def test_what_does_one_thing_is_not_every_command(command: str) -> None:
    found = sudoers(f"wang ALL=(root) NOPASSWD: {command}")

    assert found["sudo.nopasswd_all"] == ()
    assert found["sudo.nopasswd"] == ("wang",)


PAGERS = "Cmnd_Alias PAGERS = /usr/bin/more"


@pytest.mark.parametrize(
    ("text", "free"),
    [
        ("wang ALL=NOPASSWD:NOEXEC: /usr/bin/less", ()),
        ("wang ALL=NOEXEC: NOPASSWD: /usr/bin/env", ()),
        ("wang ALL=NOPASSWD:NOEXEC: /bin/su", ()),
        ("wang ALL=NOPASSWD:NOEXEC: /usr/bin/passwd", ("wang",)),
        ("wang ALL=NOPASSWD:NOEXEC: /usr/bin/vi", ("wang",)),  # it writes /etc/sudoers itself
        ("wang ALL=NOPASSWD:NOEXEC: /bin/bash", ("wang",)),  # so does what a shell has built in
        ("wang ALL=NOPASSWD:NOEXEC: /bin/ls, EXEC: /usr/bin/less", ("wang",)),
        ("Defaults noexec\nwang ALL=NOPASSWD: /usr/bin/less", ()),
        ("Defaults noexec\nwang ALL=NOPASSWD: EXEC: /usr/bin/less", ("wang",)),
        (
            f"{PAGERS}, /usr/bin/less\nDefaults!PAGERS noexec\nwang ALL=NOPASSWD: PAGERS",
            (),
        ),
        (
            f"{PAGERS}\nDefaults!PAGERS noexec\nwang ALL=NOPASSWD: PAGERS, /usr/bin/less",
            ("wang",),
        ),
        (
            "Cmnd_Alias HELP = /usr/bin/passwd [a-z]*, !/usr/bin/passwd root\nwang ALL=NOPASSWD: HELP",
            (),
        ),
        ("Defaults setenv\nwang ALL=NOPASSWD: /usr/bin/uptime", ("wang",)),
        ("Defaults setenv\nwang ALL=NOPASSWD: NOSETENV: /usr/bin/uptime", ()),
        ("wang ALL=NOPASSWD: ALL, !/bin/su, !/bin/bash", ("wang",)),
        ("wang ALL=(postgres) NOPASSWD: /usr/bin/vi", ()),
        ("wang ALL=(root) PASSWD: /usr/bin/vi, NOPASSWD: /bin/ls", ()),
        ("wang ALL=NOPASSWD: /usr/bin/grep a\\,b /etc/motd, /usr/bin/vi", ("wang",)),
    ],
)
def test_tags_and_defaults_say_whether_a_program_may_start_others(
    text: str, free: tuple[str, ...]
) -> None:
    assert sudoers(text)["sudo.nopasswd_all"] == free
