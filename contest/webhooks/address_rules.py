"""Where a message may go: never into a private network that the installation's settings do not name."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from contest.errors import Invalid

MOST_CHARACTERS = 500
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*", re.I)
# The last label of a name is no number; "0x7f.1" and "2130706433" are ways to write 127.0.0.1.
NUMBER = re.compile(r"(.*\.)?(0x[0-9a-f]*|[0-9]+)", re.I)
PORTS = {"http": 80, "https": 443}
# What clouds tell their own machines, keys among it. Not even a setting opens these.
NEVER = tuple(map(ipaddress.ip_network, (
    "169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128", "100.100.100.200/32", "192.0.0.192/32",
    "0.0.0.0/8", "::/128", "224.0.0.0/4", "ff00::/8",
)))
# Named, since what a release of Python calls global has changed before.
PRIVATE = tuple(map(ipaddress.ip_network, (
    "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
    "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "240.0.0.0/4", "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20",
    "5f00::/16", "fc00::/7", "fec0::/10",
)))
NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Target:
    """An address taken apart. host: in small letters, an address in brackets without them."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self):
        """What stands in the header Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


def read_target(text, allowed=()):
    """The Target that an address names; Invalid. allowed: networks of the installation's settings."""
    if not re.fullmatch(rf"[\x21-\x7e]{{1,{MOST_CHARACTERS}}}", text) or "\\" in text:
        raise Invalid("An address has 1 to %(most)s characters, letters without accents and no blanks.",
                      most=MOST_CHARACTERS)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as wrong:
        raise Invalid("This is no address of a page.") from wrong
    if parts.scheme not in PORTS or parts.scheme == "http" and not allowed:
        raise Invalid("The address must begin with https://.")
    if parts.username is not None or parts.password is not None or "#" in text:
        raise Invalid("Leave user, password and # out of the address.")
    port = PORTS[parts.scheme] if port is None else port
    if port not in PORTS.values() and port < 1024:
        raise Invalid("The port must be 80, 443 or 1024 to 65535.")
    if (own := _literal(host)) is not None:
        check_machine(own, allowed)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def _literal(host):
    """The machine's address where the host is one, None where it is a name; Invalid for neither."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        if "%" in host or not HOST.fullmatch(host) or NUMBER.fullmatch(host):
            raise Invalid("This is no name of a machine.") from None
    return None


def check_machine(address, allowed=()):
    """Invalid where no message may go: private networks, this machine, what only a cloud answers."""
    for one in (address, *_inside(address)):
        if any(one in network for network in NEVER):
            raise Invalid("No message is sent to %(address)s.", address=str(address))
        if any(one in network for network in allowed):
            continue
        if not one.is_global or any(one in network for network in PRIVATE):
            raise Invalid(
                "%(address)s lies in a private network. CONTEST_WEBHOOK_NETWORKS names those that may be "
                "sent to.", address=str(address),
            )


def _inside(address):
    """The addresses of the old kind that one of the new kind stands for."""
    if address.version == 4:
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in NAT64:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)


def is_inside(address, allowed):
    """True when the settings name the network of this machine: there plain http is taken too."""
    return any(address in network for network in allowed)
