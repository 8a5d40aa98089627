"""Version six of IP in the kernel: what an interface says by itself, and a kernel without it."""

from __future__ import annotations

from host_texts import values

ROUTE = "=say /proc/sys/net/ipv6/conf/all/accept_source_route {}\n"
FORWARD = "=say /proc/sys/net/ipv6/conf/all/forwarding {}\n"


def test_one_interface_that_takes_redirects_is_enough() -> None:
    found = values(kernel=ROUTE.format(0) + FORWARD.format(0) + "=say redirects6 eth1\n")
    assert found["kernel.accept_redirects_v6"] == 1
    assert found["kernel.ip_forward_v6"] == 0


def test_no_interface_takes_them() -> None:
    found = values(kernel=ROUTE.format(-1) + FORWARD.format(1) + "=say redirects6 none\n")
    assert found["kernel.accept_redirects_v6"] == 0
    assert found["kernel.accept_source_route_v6"] == -1
    assert found["kernel.ip_forward_v6"] == 1


def test_a_kernel_without_it_does_nothing_of_it() -> None:
    found = values(kernel="=say ipv6 absent\n")
    names = ("accept_redirects_v6", "accept_source_route_v6", "ip_forward_v6")
    assert [found[f"kernel.{name}"] for name in names] == [0, 0, 0]


def test_the_word_for_all_alone_says_nothing_of_interfaces() -> None:
    found = values(kernel="=say /proc/sys/net/ipv6/conf/all/accept_redirects 0\n")
    assert "kernel.accept_redirects_v6" not in found
