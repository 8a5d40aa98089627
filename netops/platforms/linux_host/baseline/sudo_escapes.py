"""Which commands give root altogether once sudo starts them, and which of them NOEXEC holds.

The names are facts of the programs' own manuals, after sudoers(5), "Preventing shell escapes":
editors, pagers, mail and terminal programs open a shell; others start, write or load what their
words name. Refuses to know programs that are not named here, and programs outside the system's
folders: of them nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from netops.platforms.linux_host.baseline.plain import words

_FOLDERS = frozenset({"/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/"})
_PLACES = _FOLDERS | {"/usr/local/bin/", "/usr/local/sbin/"}


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EDITORS = _set("""
    ed emacs emacs-nox ex jed jmacs joe jstar mcedit micro nano nvim pico rview rvim sqlite vi view
    vigr vim vimdiff vipw visudo
""")
"""They open a shell from inside or write any file, whatever file they were started with."""
_INSIDE = _set("ftp less lftp mail mailx man more most mutt pg sftp telnet zless zmore")
"""They open a shell from inside, whatever words they were started with."""
_INTERPRETERS = _set("""
    bash bun csh dash deno expect fish ipython irb ksh lua node nodejs perl php pwsh python rbash
    ruby sh tclsh tcsh wish zsh
""")
"""They do what they are told, unless the grant names what they are to carry out."""
_BECOMING = _set("doas pkexec runuser sudo")
"""They start a shell or a program, as root unless a user is named."""
_LAUNCHERS = _set("""
    byobu capsh cgexec chroot chrt env faketime flock gdb ionice ltrace mariadb mysql nice nohup
    nsenter numactl parallel psql run-parts screen script setarch setpriv setsid start-stop-daemon
    stdbuf strace taskset time timeout tmux unshare watch xargs
""")
"""They start the program that their words name."""
_WRITERS = _set("""
    ansible ansible-playbook apt apt-get aptitude at awk batch busybox chmod chown chpasswd cmake
    cp cpan cpio crontab curl dd debugfs dnf dpkg easy_install find gawk gcc gem git go gpasswd
    insmod install java jjs jrunscript ln logrotate make mawk mknod modprobe mount mv nawk ncat
    newusers nmap npm npx openssl openvpn patch pip pkcon puppet rpm rpmbuild rsync salt-call scp
    sed setcap setfacl shuf snap socat sort split ssh sshfs svn sysctl systemd-run tar tcpdump tee
    toybox unzip useradd usermod wget xxd yum zip zypper
""")
"""With words of one's own they write any file, load code, start programs or change accounts."""
_VERBS = {
    "ctr": frozenset({"run", "tasks", "task", "c", "containers"}),
    "docker": frozenset({"build", "buildx", "compose", "container", "cp", "create", "exec", "run"}),
    "ip": frozenset({"netns", "vrf"}),
    "lxc": frozenset({"config", "exec", "file", "init", "launch"}),
    "nerdctl": frozenset({"build", "compose", "container", "cp", "create", "exec", "run"}),
    "podman": frozenset({"build", "container", "cp", "create", "exec", "kube", "play", "run"}),
    "systemctl": frozenset({"edit", "enable", "link", "reenable"}),
    "virsh": frozenset({"create", "define", "edit"}),
}
"""Programs of which only some first words matter."""
_BY_NAME = {"passwd": ("root",), "su": ("root", "- root")}
_SU_WITHOUT_A_NAME = ("-", "-c id", "- -c id", "-l")
"""Words with which ``su`` is root, and which a grant that keeps back the name allows."""
_OPENS_AN_EDITOR = frozenset({("systemctl", "edit"), ("crontab", "-e"), ("virsh", "edit")})
_DECIDES = (
    "/etc/sudoers", "/etc/sudoers.d/a", "/etc/passwd", "/etc/shadow", "/etc/group",
    "/etc/pam.d/sudo", "/etc/pam.d/su", "/etc/crontab", "/etc/cron.d/a", "/etc/ld.so.preload",
    "/root/.ssh/authorized_keys", "/root/.bashrc", "/root/.profile",
)  # fmt: skip
"""Files by which whoever writes them is root soon."""
_NAMES = _EDITORS | _INSIDE | _INTERPRETERS | _BECOMING | _LAUNCHERS | _WRITERS | {"su", *_VERBS}
_RELEASE = re.compile(r"(?:[-.]?[0-9][0-9.]{0,10}|\.(?:basic|tiny|nox|gtk3|openbsd|traditional))$")
_WILD = re.compile(r"[*?\[]")
_FREE = re.compile(r"\.[*+]|\[\^[^\]]{0,80}\][*+]")
_DIGEST = re.compile(r"sha(?:224|256|384|512):\S{1,200}[ \t]+")
_NESTED = 5


@lru_cache(maxsize=4096)
def gives_all(command: str, *, held: bool = False) -> bool:
    """Return whether a command of sudoers, as root, gives every command.

    ``held``: NOEXEC keeps it from starting other programs.
    """
    return _gives(words(_DIGEST.sub("", command, count=1)), held=held)


def root_by_name(command: str, *, held: bool = False) -> frozenset[str]:
    """Return the ways in which ``passwd`` or ``su`` may name root by this command."""
    path, *arguments = words(command) or [""]
    folder, _, name = path.rpartition("/")
    forms = _BY_NAME.get(name, ()) if f"{folder}/" in _PLACES else ()
    if held and name == "su":
        return frozenset()
    pattern = " ".join(arguments) or "*"
    return frozenset(f"{name} {form}" for form in forms if fnmatchcase(form, pattern))


def _gives(command: Sequence[str], depth: int = 0, *, held: bool) -> bool:
    if not command or depth > _NESTED:
        return False
    path, *arguments = command
    if path.endswith("/*") or path in _FOLDERS:
        return path.removesuffix("*") in _FOLDERS
    folder, _, name = path.rpartition("/")
    if name == "sudoedit":
        return _edits(arguments)
    if not any(fnmatchcase(place, f"{folder}/") for place in _PLACES):
        return False
    known = _known(name)
    return any(_is_way(one, arguments, held=held) for one in known) or (
        not held and bool(_LAUNCHERS & set(known)) and _starts(arguments, depth)
    )


def _known(name: str) -> Sequence[str]:
    """Return the names that stand here for a name of sudoers, which may hold wildcards."""
    if _WILD.search(name):
        return [one for one in _NAMES if fnmatchcase(one, name)]
    return [one for one in {name, _RELEASE.sub("", name)} if one in _NAMES]


def _is_way(name: str, arguments: Sequence[str], *, held: bool) -> bool:
    if name in _EDITORS | _INSIDE or (name, *arguments[:1]) in _OPENS_AN_EDITOR:
        return not (held and name in _INSIDE)
    if name in _VERBS:
        return _is_open(arguments) and _may_be(arguments, _VERBS[name].__contains__)
    if name in _INTERPRETERS:
        return _is_open(arguments) and not _names(arguments, path=True)
    if name in _BECOMING:
        return not held and _is_open(arguments) and not _names(arguments, path=False)
    if name == "su":
        pattern = " ".join(arguments) or "*"
        return not held and any(fnmatchcase(one, pattern) for one in _SU_WITHOUT_A_NAME)
    return name in _WRITERS and _is_open(arguments)


def _is_open(arguments: Sequence[str]) -> bool:
    """Whether the user may add words: none are named, or a wildcard, which blanks fit too."""
    text = " ".join(arguments)
    if text.startswith("^") and text.endswith("$"):
        return bool(_FREE.search(text))
    return text in {"", "-"} or "*" in text.replace("\\*", "")


def _may_be(arguments: Sequence[str], is_named: Callable[[str], bool]) -> bool:
    first = arguments[0] if arguments else "*"
    return is_named(first) or _WILD.search(first) is not None or first.startswith("^")


def _names(arguments: Sequence[str], *, path: bool) -> bool:
    """Whether the first word that is no option is fixed: a script to carry out, or a user.

    What stands behind it is that script's matter, or done as that user.
    """
    first = next((one for one in arguments if not one.startswith("-")), "*")
    return _WILD.search(first) is None and first.startswith("/" if path else "")


def _starts(arguments: Sequence[str], depth: int) -> bool:
    """Whether the program that a launcher is told to start gives every command, or any may be."""
    at = next((n for n, one in enumerate(arguments) if one.startswith("/")), None)
    if at is None or _WILD.search(arguments[at]):
        return _is_open(arguments)
    return _gives(arguments[at:], depth + 1, held=False)


def _edits(files: Sequence[str]) -> bool:
    """Whether ``sudoedit`` may write a file by which one is root; its ``*`` fits no slash."""
    return not files or any(_fits(path, one) for one in files for path in _DECIDES)


def _fits(path: str, pattern: str) -> bool:
    return path.count("/") == pattern.count("/") and fnmatchcase(path, pattern)
