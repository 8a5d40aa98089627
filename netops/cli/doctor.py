"""``netops doctor``: what this machine can and cannot do, and how to mend it."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from typing import Literal

import typer

from netops.cli import settings
from netops.cli.options import Form, FormOption
from netops.i18n import _

_OPEN_FILES = 4096
"""A whole simulated province keeps a listening socket or two for each device."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. ``state`` bad: something will not work; weak: it works less well."""

    name: str
    state: Literal["good", "weak", "bad"]
    found: str
    remedy: str = ""


def doctor(
    form: FormOption = Form.TABLE,
) -> None:
    """Say what this machine can and cannot do; exit 2 if something needed is missing."""
    import json  # noqa: PLC0415 - keeps --help fast

    checks = (
        _python(),
        _settings(),
        _libcrypto(),
        _sm2(),
        _second_sm2(),
        _ping(),
        _raw(),
        _open_files(),
        _fonts(),
        _keyring(),
        _scapy(),
    )
    if form is Form.JSON:
        rows = [
            {"name": c.name, "state": c.state, "found": c.found, "remedy": c.remedy} for c in checks
        ]
        typer.echo(json.dumps({"schema": "netops/doctor/1", "checks": rows}, ensure_ascii=False))
    else:
        for check in checks:
            typer.echo(f"{_MARKS[check.state]} {check.name}: {check.found}")
            if check.remedy:
                typer.echo(f"    {check.remedy}")
    raise typer.Exit(2 if any(check.state == "bad" for check in checks) else 0)


_MARKS = {"good": "ok  ", "weak": "weak", "bad": "BAD "}


def _python() -> Check:
    found = ".".join(str(part) for part in sys.version_info[:3])
    return Check("Python", "good", found)


def _settings() -> Check:
    files = settings.load().files
    return Check(_("settings"), "good", ", ".join(str(path) for path in files) or _("none"))


def _libcrypto() -> Check:
    import ssl  # noqa: PLC0415 - keeps --help fast

    from netops.gm import sm3  # noqa: PLC0415 - keeps --help fast

    found = f"{ssl.OPENSSL_VERSION}; SM3: {sm3.provider()}"
    if sm3.provider() == "libcrypto":
        return Check("libcrypto", "good", found)
    return Check(
        "libcrypto",
        "weak",
        found,
        _(
            "This libcrypto has no SM3: digests are computed by gmssl, much slower. "
            "Use a Python linked with OpenSSL 1.1.1 or newer."
        ),
    )


def _sm2() -> Check:
    """Name what signs with SM2; it must pass the known-answer test before it may."""
    from netops.errors import CryptoError  # noqa: PLC0415 - keeps --help fast
    from netops.gm.choice import default_provider, fallback  # noqa: PLC0415 - keeps --help fast
    from netops.i18n import spoken  # noqa: PLC0415 - with its check

    try:
        found = default_provider().capabilities
        stand_in = fallback()
    except CryptoError as error:
        # Audits do without; only `netops ca` cannot work.
        return Check("SM2", "weak", spoken(error.cause), spoken(error.remedy))
    if stand_in is not None:
        remedy = _("`netops ca` issues nothing so; name a library with SM2 by NETOPS_LIBCRYPTO.")
        return Check("SM2", "weak", spoken(stand_in), remedy)
    return Check("SM2", "good", _("{library}, known-answer test passed").format(
        library=f"{found.name}: {found.library}"))  # fmt: skip


def _second_sm2() -> Check:
    from netops.errors import CryptoError  # noqa: PLC0415 - keeps --help fast
    from netops.gm.choice import second_provider  # noqa: PLC0415 - keeps --help fast
    from netops.i18n import spoken  # noqa: PLC0415 - with its check

    name = _("SM2, second implementation")
    try:
        found = second_provider().capabilities
    except (CryptoError, ImportError) as error:
        cause = error.cause if isinstance(error, CryptoError) else str(error)
        return Check(name, "weak", spoken(cause))
    return Check(name, "good", _("{library}, known-answer test passed").format(
        library=found.library))  # fmt: skip


def _ping() -> Check:
    import socket  # noqa: PLC0415 - keeps --help fast

    name = _("ICMP without privilege")
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP).close()
    except OSError:
        return Check(
            name,
            "weak",
            _("not allowed"),
            _(
                "Audits of snapshots do not need it; probes do: "
                'sysctl net.ipv4.ping_group_range="0 2147483647"'
            ),
        )
    return Check(name, "good", _("allowed"))


def _raw() -> Check:
    """Say whether raw packets can be sent, by this process or by the helper of the site."""
    import socket  # noqa: PLC0415 - keeps --help fast

    from netops.errors import ProbeError  # noqa: PLC0415 - keeps --help fast
    from netops.i18n import spoken  # noqa: PLC0415 - with its check
    from netops.probing.helper_client import (  # noqa: PLC0415 - keeps --help fast
        SETTING,
        ProbeHelper,
        helper_command,
    )

    name = _("raw packets")
    try:
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).close()
    except OSError:
        pass
    else:
        return Check(name, "good", _("allowed to this process"))
    try:
        command = helper_command()
        if command:
            with ProbeHelper.start(command):
                return Check(name, "good", _("by the helper"))
    except ProbeError as error:
        return Check(name, "weak", spoken(error.cause), spoken(error.remedy))
    return Check(
        name,
        "weak",
        _("not allowed"),
        _(
            "Probes that need them are not measured then. Set {setting} to the command that "
            "starts the helper with CAP_NET_RAW; see docs/probing.md."
        ).format(setting=SETTING),
    )


def _open_files() -> Check:
    import resource  # noqa: PLC0415 - not on every platform; only this check needs it

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard >= _OPEN_FILES:
        return Check(_("open files"), "good", f"{soft} / {hard}")
    return Check(
        _("open files"),
        "weak",
        f"{soft} / {hard}",
        _("A whole simulated province needs about {n}: raise `ulimit -Hn`.").format(n=_OPEN_FILES),
    )


def _fonts() -> Check:
    import shutil  # noqa: PLC0415 - keeps --help fast
    import subprocess  # noqa: PLC0415 - keeps --help fast

    name = _("Chinese fonts")
    listing = shutil.which("fc-list")
    if listing is None:
        return Check(
            name,
            "weak",
            _("unknown (no fc-list)"),
            _(
                "Reports are HTML and use the reader's fonts; to look at them here: "
                "apt-get install fontconfig fonts-noto-cjk"
            ),
        )
    done = subprocess.run([listing, ":lang=zh", "family"], capture_output=True, check=False)
    families = [line for line in done.stdout.decode(errors="replace").splitlines() if line]
    if families:
        return Check(name, "good", families[0])
    return Check(name, "weak", _("none"), "apt-get install fonts-noto-cjk")


def _keyring() -> Check:
    return _extra(
        _("extra [keyring]"),
        "keyring",
        _("Only credential references `keyring:` need it: pip install netops-extranet[keyring]"),
    )


def _scapy() -> Check:
    return _extra(
        _("extra [crafting]"),
        "scapy",
        _("Only the check with a borrowed source needs it: pip install netops-extranet[crafting]"),
    )


def _extra(name: str, module: str, lacking: str) -> Check:
    if importlib.util.find_spec(module) is not None:
        return Check(name, "good", _("installed"))
    return Check(name, "weak", _("not installed"), lacking)
