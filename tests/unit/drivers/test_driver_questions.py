"""What a getter makes of answers that are missing, refused, partial or hostile."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from napalm.base.exceptions import CommandErrorException, ConnectionClosedException

from netops.drivers.comware import NetopsComwareDriver
from netops.drivers.driver import NetopsDriver
from netops.drivers.frr import NetopsFrrDriver
from netops.drivers.refusing import NotToldError
from netops.drivers.vrp import NetopsVrpDriver

REPLAY = Path(__file__).parents[2] / "replay"
UNKNOWN = "        ^\nError: Unrecognized command found at '^' position.\n"
NO_RIGHT = "Error: No permission to run the command.\n"
VERSION = (
    "Huawei Versatile Routing Platform Software\n"
    "VRP (R) software, Version 5.170 (AR2200 V200R010C10SPC700)\n"
    "Huawei AR2220E Router uptime is 0 week, 1 day, 0 hour, 1 minute\n"
)
BRIEF = (
    "Interface                   PHY   Protocol  InUti OutUti   inErrors  outErrors\n"
    "GigabitEthernet0/0/0        up    up        3.10%  1.42%          0          0\n"
)
ADDRESSES = (
    "Interface                         IP Address/Mask      Physical   Protocol  \n"
    "GigabitEthernet0/0/0              198.51.100.6/30      up         up\n"
)
BARE6 = (
    "Interface                    Physical              Protocol\n"
    "GigabitEthernet0/0/0         up                    up\n"
    "[IPv6 Address] 2001:DB8:30::1\n"
)


class Answers:
    """A line that answers from a table and does not know any other command; no device."""

    def __init__(self, table: dict[str, str], prompt_host: str = "", other: str = UNKNOWN) -> None:
        self.table = table
        self.other = other
        self.prompt_host = prompt_host
        self.asked: list[str] = []

    def send_command(self, command: str) -> str:
        self.asked.append(command)
        return self.table.get(command, self.other)


def on(line: Answers, driver: type[NetopsDriver] = NetopsVrpDriver) -> NetopsDriver:
    made = driver("192.0.2.1", "reader", "made-up")
    made.device = line
    return made


def test_the_prompt_names_the_host_and_the_configuration_is_not_asked() -> None:
    line = Answers({"display version": VERSION, "display interface brief": BRIEF}, "R1.example")
    facts = on(line).get_facts()
    assert (facts["hostname"], facts["fqdn"]) == ("R1.example", "R1.example")
    assert facts["uptime"] == 86_460.0
    assert "display current-configuration" not in line.asked


def test_an_extra_command_may_be_missing_and_leaves_its_field_untold() -> None:
    line = Answers({"display version": VERSION, "display interface brief": BRIEF}, other=NO_RIGHT)
    facts = on(line).get_facts()
    assert (facts["serial_number"], facts["hostname"]) == ("", "")
    assert "display device esn" in line.asked


def test_a_table_that_must_be_told_is_not_left_out_for_lack_of_rights() -> None:
    line = Answers({"display ip interface brief": ADDRESSES}, other=NO_RIGHT)
    with pytest.raises(CommandErrorException, match=r"ipv6 interface brief.*refused"):
        on(line).get_interfaces_ip()


def test_a_table_that_the_device_does_not_know_means_that_there_is_none() -> None:
    line = Answers({"display ip interface brief": ADDRESSES})
    assert on(line).get_interfaces_ip() == {
        "GigabitEthernet0/0/0": {"ipv4": {"198.51.100.6": {"prefix_length": 30}}}
    }


def test_an_ipv6_length_that_nobody_tells_is_minus_one_and_not_128() -> None:
    table = {"display ip interface brief": ADDRESSES, "display ipv6 interface brief": BARE6}
    found = on(Answers(table)).get_interfaces_ip()
    assert found["GigabitEthernet0/0/0"]["ipv6"] == {"2001:db8:30::1": {"prefix_length": -1}}


def test_the_alternative_is_asked_only_where_the_first_is_unknown() -> None:
    arp = (
        "IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE\n"
        "------------------------------------------------------------------------------\n"
        "10.62.255.1     0000-5e00-5311  3         D-0         GE0/0/2\n"
        "------------------------------------------------------------------------------\n"
        "Total:1         Dynamic:1       Static:0     Interface:0\n"
    )
    line = Answers({"display arp": arp})
    assert on(line).get_arp_table()[0]["ip"] == "10.62.255.1"
    assert line.asked == ["display arp all", "display arp"]
    line = Answers({"display arp": arp}, other=NO_RIGHT)
    with pytest.raises(CommandErrorException, match=r"display arp all.*refused"):
        on(line).get_arp_table()
    assert line.asked == ["display arp all"]


def test_an_frr_that_knows_no_json_is_asked_for_text() -> None:
    text = (REPLAY / "frr" / "show_interface_vrf_all" / "frr_8_4_4.raw").read_text("utf-8")
    line = Answers({"show interface vrf all": text}, other="% Unknown command: show\n")
    found = on(line, NetopsFrrDriver).get_interfaces_ip()
    assert found["eth3"]["ipv4"] == {"203.0.113.1": {"prefix_length": 26}}
    assert line.asked == ["show interface vrf all json", "show interface vrf all"]


def test_a_table_that_the_device_calls_empty_is_an_empty_result() -> None:
    arp = (
        "IP ADDRESS      MAC ADDRESS     EXPIRE(M) TYPE        INTERFACE   VPN-INSTANCE\n"
        "------------------------------------------------------------------------------\n"
        "Total:0         Dynamic:0       Static:0     Interface:0\n"
    )
    assert on(Answers({"display arp all": arp})).get_arp_table() == []


def test_lines_that_were_not_understood_are_counted_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    line = Answers({"display interface brief": BRIEF + "lorem ipsum\n", "display version": VERSION})
    with caplog.at_level(logging.WARNING, "netops.drivers"):
        on(line).get_facts()
    assert "1 lines were not understood, the first: lorem ipsum" in caplog.text


def test_a_routing_table_shorter_than_its_count_raises() -> None:
    table = (
        "Routing Tables: Public\n         Destinations : 9        Routes : 9\n\n"
        "Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface\n\n"
        "      10.0.0.0/8    Static  60   0          RD   10.1.1.1        GigabitEthernet0/0/0\n"
    )
    with pytest.raises(CommandErrorException, match="fewer routes"):
        on(Answers({"display ip routing-table": table})).get_route_to("10.0.0.0/8", longer=True)


def test_a_destination_without_a_route_is_looked_up_in_the_whole_table() -> None:
    table = (
        "Routing Tables: Public\n         Destinations : 1        Routes : 1\n\n"
        "Destination/Mask    Proto   Pre  Cost      Flags NextHop         Interface\n\n"
        "      10.0.0.0/8    Static  60   0          RD   10.1.1.1        GigabitEthernet0/0/0\n"
    )
    line = Answers({"display ip routing-table": table})
    assert on(line).get_route_to("192.0.2.0/24") == {}
    assert line.asked == ["display ip routing-table 192.0.2.0 24", "display ip routing-table"]
    assert list(on(line).get_route_to("10.9.9.9")) == ["10.0.0.0/8"]


def test_a_destination_that_is_no_address_raises_and_asks_nothing() -> None:
    line = Answers({})
    with pytest.raises(CommandErrorException, match="is not an address"):
        on(line).get_route_to("10.0.0.0/8; reboot")
    assert line.asked == []


def test_the_routes_of_ipv6_must_be_told_where_they_are_asked_for() -> None:
    with pytest.raises(CommandErrorException, match="display ipv6 routing-table"):
        on(Answers({}), NetopsComwareDriver).get_route_to("2001:db8::/32")


def test_no_secret_of_a_configuration_shows_even_unsanitized() -> None:
    text = (
        "!Software Version V200R022C00SPC500\n#\nsysname R1\n#\n"
        'header login information "\nthe password is banner-word\n"\n#\naaa\n'
        " local-user a password irreversible-cipher $1c$word-one$word-two$\n#\n"
        "snmp-agent community read word-three\n#\nreturn\n"
    )
    line = Answers({"display current-configuration": text})
    shown = on(line).get_config(sanitized=False)["running"]
    assert "sysname R1" in shown
    assert shown.endswith("#\nreturn\n")
    for word in ("word-one", "word-two", "word-three", "banner-word"):
        assert word not in shown
    assert "word" not in str(on(line).get_snmp_information())


def test_a_cut_configuration_is_no_configuration() -> None:
    cut = "!Software Version V200R022C00SPC500\n#\nsysname R1\n#\n"
    line = Answers({"display current-configuration": cut})
    for getter in ("get_config", "get_ntp_servers", "get_users"):
        with pytest.raises(CommandErrorException, match="cut"):
            getattr(on(line), getter)()


def test_a_store_that_does_not_exist_or_cannot_be_read_raises() -> None:
    driver = on(Answers({}))
    with pytest.raises(CommandErrorException, match="no configuration"):
        driver.get_config(retrieve="other")
    with pytest.raises(NotToldError):
        driver.get_config(full=True)
    with pytest.raises(NotToldError):
        driver.get_config(format="xml")
    with pytest.raises(CommandErrorException, match="saved-configuration"):
        driver.get_config(retrieve="startup")
    with pytest.raises(NotToldError, match="running configuration only"):
        on(Answers({}), NetopsFrrDriver).get_config(retrieve="startup")


def test_text_from_hell_becomes_an_exception_of_napalm() -> None:
    hell = "\x1b]0;x\x07\u202e\ud800" + "\x00" * 50 + "<" * 20_000 + "\n[" * 2_000
    for driver in (NetopsVrpDriver, NetopsComwareDriver, NetopsFrrDriver):
        with pytest.raises(CommandErrorException) as caught:
            on(Answers({}, other=hell), driver).get_interfaces()
        assert "\x1b" not in str(caught.value)


def test_a_lost_session_is_not_taken_for_a_missing_extra() -> None:
    class Lost(Answers):
        def send_command(self, command: str) -> str:
            if command == "display esn":
                raise ConnectionClosedException(command)
            return super().send_command(command)

    line = Lost({"display version": VERSION, "display interface brief": BRIEF})
    with pytest.raises(ConnectionClosedException):
        on(line).get_facts()
