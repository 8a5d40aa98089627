"""A system is known by what it calls itself, and judged as its kind is: expected values by hand.

The recordings and their sources stand in ``tests/replay/linux_host/recorded``.
"""

from __future__ import annotations

import pytest
from host_texts import file, shown, values
from recorded_hosts import facts, recording, section

KYLIN = "Kylin Linux Advanced Server {}"


@pytest.mark.parametrize(
    ("name", "family", "version", "called"),
    [
        ("openeuler/os-release-20.03", "openeuler", "20.03", "openEuler 20.03 (LTS-SP3)"),
        ("kylin/os-release-V10-tercel", "kylin", "10", KYLIN.format("V10 (Tercel)")),
        ("kylin/os-release-V10-sword", "kylin", "10", KYLIN.format("V10 (Sword)")),
        ("kylin/os-release-V10-lance", "kylin", "10", KYLIN.format("V10 (Lance)")),
        ("kylin/os-release-V10-halberd", "kylin", "10", KYLIN.format("V10 (Halberd)")),
        ("kylin/os-release-V11-swan25", "kylin", "11", KYLIN.format("V11 (Swan25)")),
        (
            "kylin/os-release-neokylin-V7Update6",
            "kylin",
            "7.6",
            "NeoKylin Linux Advanced Server V7Update6 (Chromium)",
        ),
        ("kylin/os-release-desktop-V10", "debian", "", "Kylin V10 SP1"),
        ("uos/os-release-desktop-20", "debian", "", "UnionTech OS Desktop 20 Pro"),
        ("uos/os-release-server-20-1050a", "uos", "20", "UnionTech OS Server 20"),
        ("uos/os-release-server-20-1070a", "uos", "20", "UOS Server 20"),
        ("uos/os-release-server-20-1070e", "uos", "20", "UOS Server 20"),
        ("anolis/os-release-7.9", "anolis", "7.9", "Anolis OS 7.9"),
        ("anolis/os-release-8.8", "anolis", "8.8", "Anolis OS 8.8"),
        ("anolis/os-release-8.10", "anolis", "8.10", "Anolis OS 8.10"),
        ("anolis/os-release-23", "anolis", "23", "Anolis OS 23"),
        ("rhel/os-release-7.2", "rhel", "7.2", "Employee SKU"),
        ("rhel/os-release-7.6", "rhel", "7.6", "Red Hat Enterprise Linux Server 7.6 (Maipo)"),
        ("rhel/os-release-9.0", "rhel", "9.0", "Red Hat Enterprise Linux 9.0 (Plow)"),
        ("rhel/os-release-10.0", "rhel", "10.0", "Red Hat Enterprise Linux 10.0 (Coughlan)"),
        ("centos/os-release-7", "centos", "7", "CentOS Linux 7 (Core)"),
        ("rocky/os-release-9.0", "rhel", "9.0", "Rocky Linux 9.0 (Blue Onyx)"),
        ("almalinux/os-release-9.1", "rhel", "9.1", "AlmaLinux 9.1 (Lime Lynx)"),
        ("almalinux/os-release-10.0", "rhel", "10.0", "AlmaLinux 10.0 (Purple Lion)"),
        ("ubuntu/os-release-22.04", "ubuntu", "22.04", "Ubuntu 22.04 LTS"),
    ],
)
def test_a_system_is_known_by_what_it_calls_itself(
    name: str, family: str, version: str, called: str
) -> None:
    component = shown(system=section([("=file /etc/os-release", name)])).components[0]

    assert (component.family, component.version) == (family, version)
    assert [s.value for s in component.settings if s.name == "system.name"] == [called]


@pytest.mark.parametrize(
    ("text", "family", "version"),
    [
        ('NAME="Kylin"\nID=kylin\nVERSION_ID="v11"', "debian", ""),  # it names no other system
        ('NAME="NeoKylin"\nID="neokylin"\nVERSION_ID="V7"', "kylin", "7"),
        ("ID=UOS\nVERSION_ID=20\nVERSION_CODENAME=fou", "debian", ""),  # edition D of the server
        ('ID="uos"\nVERSION_ID="20"\nVERSION_CODENAME="kongli"', "uos", "20"),  # edition C
        ("ID=Deepin\nVERSION_ID=23", "debian", ""),
        ("ID=openkylin\nVERSION_ID=2.0", "debian", ""),
    ],
)
def test_a_system_made_of_debian_is_of_its_family_and_not_of_its_number(
    text: str, family: str, version: str
) -> None:
    component = shown(system=file("/etc/os-release", text)).components[0]

    assert (component.family, component.version) == (family, version)


@pytest.mark.parametrize(
    ("name", "kernel"),
    [
        ("kylin/uname-V10-sp1", "Linux 4.19.90-17.ky10.aarch64 aarch64"),
        ("kylin/uname-V10-sp2", "Linux 4.19.90-24.4.v2101.ky10.x86_64 x86_64"),
        ("kylin/uname-V10-sp3", "Linux 4.19.90-52.22.v2207.ky10.x86_64 x86_64"),
        ("kylin/uname-V10-2403", "Linux 4.19.90-89.11.v2401.ky10.x86_64 x86_64"),
        ("uos/uname-server-20-1060a", "Linux 4.19.0-91.82.152.uelc20.x86_64 x86_64"),
        ("uos/uname-server-20-1021e", "Linux 4.19.90-2109.1.0.0108.up2.uel20.x86_64 x86_64"),
        ("anolis/uname-7.9", "Linux 3.10.0-1160.an7.x86_64 x86_64"),
        ("anolis/uname-8.8", "Linux 5.10.134-13.an8.x86_64 x86_64"),
        ("anolis/uname-23", "Linux 6.6.102-5.2.an23.x86_64 x86_64"),
    ],
)
def test_a_kernel_is_told_as_it_calls_itself(name: str, kernel: str) -> None:
    assert facts({"system": [("=run uname -srm", name)]})["system.kernel"] == kernel


@pytest.mark.parametrize(
    ("name", "deny"),
    [
        ("anolis/os-release-7.9", 3),  # its pam_faillock reads no file, as that of RHEL 7
        ("kylin/os-release-neokylin-V7Update6", 3),
        ("anolis/os-release-8.8", 7),
        ("anolis/os-release-23", 7),
        ("kylin/os-release-V10-lance", 7),
        ("uos/os-release-server-20-1070e", 7),
    ],
)
def test_faillock_conf_counts_by_what_the_system_calls_itself(name: str, deny: int) -> None:
    lock = "auth required pam_faillock.so preauth\nauth sufficient pam_unix.so\n"
    lock += "auth [default=die] pam_faillock.so authfail\naccount required pam_faillock.so"
    found = values(
        system=section([("=file /etc/os-release", name)]),
        pam=file("/etc/pam.d/sshd", lock),
        passwords=file("/etc/security/faillock.conf", "deny = 7"),
    )

    assert found["pam.lock.deny[sshd]"] == deny


def test_the_module_that_uos_asks_for_new_passwords_leaves_their_quality_unsaid() -> None:
    line = recording("uos/pam-password-line")
    unix = "password sufficient pam_unix.so use_authtok"

    def told(rules: str) -> list[str]:
        found = values(pam=file("/etc/pam.d/passwd", rules), passwords="=absent /etc/login.defs\n")
        return [name for name in found if name.startswith("pam.quality.module")]

    assert told(line + unix) == []
    assert told(line.replace("pam_deepin_pw_check", "pam_pwquality") + unix)
