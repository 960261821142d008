"""Figure 36: no message goes into a private network, however its address is written."""

import ipaddress
import socket
import threading

import pytest

from contest.errors import Invalid
from contest.webhooks import sending
from contest.webhooks.address_rules import check_machine, read_target
from tests.webhooks.scenes import Receiver

# Every one of them would reach this machine, its network or a cloud's metadata if it were let through.
INSIDE = (
    "https://127.0.0.1/", "https://127.1/", "https://127.0.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://017700000001/", "https://0/", "https://0.0.0.0/",
    "https://127.0.0.1./", "https://localhost/", "https://LOCALHOST/", "https://localhost./",
    "https://[::1]/", "https://[::]/", "https://[0:0:0:0:0:0:0:1]/", "https://[::127.0.0.1]/",
    "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::ffff:169.254.169.254]/",
    "https://[::ffff:10.0.0.1]/", "https://[2002:7f00:1::]/", "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b:1::1]/", "https://[fe80::1]/", "https://[fe80::1%25eth0]/", "https://[fc00::1]/",
    "https://[fd00:ec2::254]/", "https://[fec0::1]/", "https://[ff02::1]/", "https://169.254.169.254/latest/",
    "https://100.100.100.200/latest/", "https://192.0.0.192/opc/", "https://10.0.0.1/", "https://172.16.0.1/",
    "https://172.31.255.255/", "https://192.168.1.1/", "https://100.64.0.1/", "https://198.18.0.1/",
    "https://224.0.0.1/", "https://255.255.255.255/", "https://240.0.0.1/",
    "http://8.8.8.8/", "ftp://8.8.8.8/", "file:///etc/passwd", "gopher://127.0.0.1/", "//127.0.0.1/",
    "https://user:word@8.8.8.8/", "https://8.8.8.8@127.0.0.1/", "https://127.0.0.1#@8.8.8.8/",
    "https://127.0.0.1\\@8.8.8.8/", "https://8.8.8.8:22/", "https://8.8.8.8:99999/", "https:///",
    "https://１２７.0.0.1/", "https://127。0。0。1/", "https://a b/", "https://a\r\nHost: b/", "",
)


@pytest.fixture
def nobody_else(monkeypatch):
    """Every machine that is connected to from here on."""
    reached, connect = [], socket.socket.connect

    def note(own, address):
        reached.append(address)
        return connect(own, address)

    monkeypatch.setattr(socket.socket, "connect", note)
    return reached


@pytest.mark.parametrize("url", INSIDE)
def test_nothing_is_sent_inside(url, nobody_else):
    answer = sending.send(url, {}, b"{}")

    assert (answer.status, answer.problem in ("forbidden", "name")) == (None, True), answer
    assert nobody_else == []


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8"])
def test_a_public_machine_may_be_sent_to(address):
    check_machine(ipaddress.ip_address(address))


def test_a_unions_own_network_is_opened_by_the_settings_and_metadata_by_nothing():
    own = (ipaddress.ip_network("10.20.0.0/16"), ipaddress.ip_network("0.0.0.0/0"))

    assert read_target("http://10.20.3.4/hook", own).port == 80
    for address in ("169.254.169.254", "100.100.100.200", "::ffff:169.254.169.254", "fd00:ec2::254"):
        with pytest.raises(Invalid):
            check_machine(ipaddress.ip_address(address), own)


def test_a_name_is_asked_for_once_and_what_it_means_later_changes_nothing(nobody_else):
    """DNS rebinding: the second answer would lead inside."""
    allowed = (ipaddress.ip_network("127.0.0.2/32"),)
    asked = []

    def resolve(host, port, **_more):
        asked.append(host)
        machine = "127.0.0.2" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (machine, port))]

    answer = sending.send("http://members.example:1999/", {}, b"{}", allowed, resolve=resolve)

    assert answer.problem == "connect"
    assert (asked, nobody_else) == (["members.example"], [("127.0.0.2", 1999)])


@pytest.mark.parametrize("machines", [("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("8.8.8.8", "::1")])
def test_a_name_with_any_address_inside_is_not_sent_to(machines, nobody_else):
    found = [(0, 0, 0, "", (machine, 443)) for machine in machines]
    answer = sending.send("https://members.example/", {}, b"{}", resolve=lambda *_, **__: found)

    assert (answer.problem, nobody_else) == ("forbidden", [])


def test_plain_http_stays_within_the_networks_of_the_settings(nobody_else):
    allowed = (ipaddress.ip_network("10.20.0.0/16"),)
    found = [(0, 0, 0, "", ("8.8.8.8", 80))]
    answer = sending.send("http://members.example/", {}, b"{}", allowed, resolve=lambda *_, **__: found)

    assert (answer.problem, nobody_else) == ("plain", [])


def test_a_resolver_that_never_answers_does_not_hold_the_sender():
    never = threading.Event()
    answer = sending.send(
        "https://members.example/", {}, b"{}", limit_s=0.2, resolve=lambda *_, **__: never.wait(30)
    )
    never.set()

    assert answer.problem == "timeout"


@pytest.mark.parametrize(("path", "status", "problem"), [
    ("ok", 204, ""), ("fail", 500, "status"), ("gone", 410, "status"), ("huge", None, "broken"),
    ("hang", None, "timeout"), ("drip", None, "timeout"),
    ("redirect/http:%2F%2F169.254.169.254%2Flatest", 307, "redirect"),
])
def test_what_a_bad_receiver_does_ends_in_time_and_leads_nowhere(
    tmp_path, nobody_else, path, status, problem
):
    receiver = Receiver(tmp_path)
    try:
        answer = sending.send(
            receiver.url(path), {}, b"{}", (ipaddress.ip_network("127.0.0.1/32"),), limit_s=1
        )
    finally:
        receiver.stop()

    assert (answer.status, answer.problem) == (status, problem)
    assert {address[0] for address in nobody_else} == {"127.0.0.1"}
    assert len(nobody_else) == 1


def test_a_redirection_to_the_receivers_own_network_is_not_followed(tmp_path):
    receiver = Receiver(tmp_path)
    try:
        goal = receiver.url("ok").replace("/", "%2F")
        answer = sending.send(
            receiver.url(f"redirect/{goal}"), {}, b"{}", (ipaddress.ip_network("127.0.0.1/32"),)
        )
        taken = receiver.lines()
    finally:
        receiver.stop()

    assert (answer.status, answer.problem, len(taken)) == (307, "redirect", 1)
