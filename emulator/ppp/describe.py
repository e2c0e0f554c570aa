"""Describe control packets in one line, in the words that pppd logs them with."""

from collections.abc import Callable, Mapping
from ipaddress import IPv4Address

from emulator.ppp.packets import Code, ControlPacket, Option, Protocol, parse_options, parse_packet

_CODES: Mapping[int, str] = {
    Code.CONFIGURE_REQUEST: "ConfReq",
    Code.CONFIGURE_ACK: "ConfAck",
    Code.CONFIGURE_NAK: "ConfNak",
    Code.CONFIGURE_REJECT: "ConfRej",
    Code.TERMINATE_REQUEST: "TermReq",
    Code.TERMINATE_ACK: "TermAck",
    Code.CODE_REJECT: "CodeRej",
    Code.PROTOCOL_REJECT: "ProtRej",
    Code.ECHO_REQUEST: "EchoReq",
    Code.ECHO_REPLY: "EchoRep",
    Code.DISCARD_REQUEST: "DiscReq",
}
_AUTHENTICATION_CODES: Mapping[int, Mapping[int, str]] = {
    Protocol.PAP: {1: "AuthReq", 2: "AuthAck", 3: "AuthNak"},
    Protocol.CHAP: {1: "Challenge", 2: "Response", 3: "Success", 4: "Failure"},
}
_AUTHENTICATIONS = {b"\xc0\x23": "pap", b"\xc2\x23\x05": "chap MD5"}


def _number(value: bytes) -> str:
    return f"{int.from_bytes(value, 'big'):#x}"


def _address(value: bytes) -> str:
    return str(IPv4Address(value)) if len(value) == 4 else value.hex()


_OPTIONS: Mapping[int, Mapping[int, tuple[str, Callable[[bytes], str]]]] = {
    Protocol.LCP: {
        1: ("mru", lambda value: str(int.from_bytes(value, "big"))),
        2: ("asyncmap", _number),
        3: ("auth", lambda value: _AUTHENTICATIONS.get(value, value.hex())),
        5: ("magic", _number),
        7: ("pcomp", bytes.hex),
        8: ("accomp", bytes.hex),
    },
    Protocol.IPCP: {
        2: ("compress", bytes.hex),
        3: ("addr", _address),
        129: ("ms-dns1", _address),
        130: ("ms-wins1", _address),
        131: ("ms-dns2", _address),
        132: ("ms-wins2", _address),
    },
}


def describe(protocol: int, information: bytes) -> str:
    """Return protocol, code, identifier and options; no name, no password and no digest."""
    known = protocol in set(Protocol)
    name = Protocol(protocol).name if known else f"protocol {protocol:#06x}"
    packet = parse_packet(information) if known else None
    if packet is None:
        return f"{name}, {len(information)} bytes"
    codes = _AUTHENTICATION_CODES.get(protocol, _CODES)
    code = codes.get(packet.code, f"code {packet.code}")
    return " ".join([name, code, f"id={packet.identifier:#x}", *_details(protocol, packet)])


def _details(protocol: int, packet: ControlPacket) -> list[str]:
    if protocol in _AUTHENTICATION_CODES:
        return []
    if packet.code == Code.PROTOCOL_REJECT and len(packet.data) >= 2:
        return [describe(int.from_bytes(packet.data[:2], "big"), packet.data[2:])]
    if Code.CONFIGURE_REQUEST <= packet.code <= Code.CONFIGURE_REJECT:
        return [_option(protocol, option) for option in parse_options(packet.data) or ()]
    return []


def _option(protocol: int, option: Option) -> str:
    name, show = _OPTIONS.get(protocol, {}).get(option.type, (f"option {option.type}", bytes.hex))
    return f"<{f'{name} {show(option.value)}'.strip()}>"
