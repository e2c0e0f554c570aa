"""A host that speaks PPP badly: frames of any protocol, bytes, silence, and now and then the right answer."""

from hashlib import md5
from ipaddress import IPv4Address
from random import Random

from emulator.ppp.events import Ended, LoggedIn
from emulator.ppp.ipcp import Addresses
from emulator.ppp.lcp import Authentication
from emulator.ppp.link import LinkSettings
from fuzzing.case import Case, Finding, Step
from tests.ppp.host import ACK, CHAP, IPCP, IPV4, LCP, PAP, REQUEST, TERMINATED, Host, Seen, control, option

_AUTHENTICATIONS = {
    "none": (),
    "pap": (Authentication.PAP,),
    "chap": (Authentication.CHAP,),
    "either": (Authentication.CHAP, Authentication.PAP),
}
PROTOCOLS = (LCP, LCP, LCP, IPCP, IPCP, PAP, CHAP, IPV4, 0x8057, 0x80FD, 0xC025, 1, 0)
_ADDRESSES = Addresses(IPv4Address("10.1.2.3"), IPv4Address("10.64.64.64"), (IPv4Address("10.1.2.4"),))
_NOISES = (b"~", b"~~", b"}", b"}~", b"~}}~", b"\xff\x03", bytes(2000), b"AT\r", b"+++", b"NO CARRIER")
_LONGEST = 120.0
"""Seconds in which a good host comes online, or the link ends: every request is repeated a limited number of times."""


class Ppp:
    """Say anything on a link; a good host then comes online, or learns that the link is over."""

    name = "ppp"
    summary = "frames, bytes and silence of a host that speaks PPP badly"
    weight = 0.1

    def make(self, dice: Random) -> Case:
        steps = [self._step(dice) for _ in range(dice.choice([1, 5, 20]))]
        setting = {"authentication": dice.choice(list(_AUTHENTICATIONS)), "from": dice.choice(["dialled", "online"])}
        return Case(self.name, tuple(steps), setting)

    def _step(self, dice: Random) -> Step:
        match dice.choices(["frame", "bytes", "wait", "answer", "network", "replay"], [10, 3, 2, 6, 2, 2])[0]:
            case "frame":
                return Step("frame", [dice.choice(PROTOCOLS), information(dice).hex()])
            case "bytes":
                return Step("bytes", noise(dice).hex())
            case "wait":
                return Step("wait", dice.choice([0.1, 3.0, 3.0, 30.0]))
            case "replay":
                return Step("replay", [dice.randrange(200), dice.randrange(1, 256)])
            case verb:
                return Step(verb)

    def inputs(self, case: Case) -> int:
        return len(case.steps)

    def play(self, case: Case) -> Finding | None:
        session = _Session(_AUTHENTICATIONS[case.setting["authentication"]])
        if case.setting["from"] == "online" and (finding := session.come_online()) is not None:
            return finding
        for step in case.steps:
            session.take(step)
        return session.come_online()


class _Session:
    """A link with a host, which knows the right answers."""

    def __init__(self, authentications: tuple[Authentication, ...]) -> None:
        self._host = Host(LinkSettings(authentications, random_bytes=lambda size: b"R" * size))
        self._unanswered: list[Seen] = []
        self._ended = False

    def take(self, step: Step) -> None:
        """Do one step of a case; a frame that is broken fails in the host."""
        host, link = self._host, self._host.link
        match step.verb:
            case "frame":
                host.send(step.argument[0], bytes.fromhex(step.argument[1]))
            case "bytes":
                link.receive(bytes.fromhex(step.argument), host.now)
            case "wait":
                self._unanswered += host.wait(step.argument)
            case "network":
                link.bring_up_network(_ADDRESSES, host.now)
            case "replay" if self._unanswered:
                self._replay(*step.argument)
            case "answer":
                self._answer()
        self._look()

    def _look(self) -> None:
        self._unanswered += self._host.seen()
        self._host.link.take_packets()
        for event in self._host.link.take_events():
            self._ended = self._ended or isinstance(event, Ended)
            if isinstance(event, LoggedIn):
                self._host.link.bring_up_network(_ADDRESSES, self._host.now)

    def _replay(self, position: int, change: int) -> None:
        """Send back the last packet of the link, with one octet changed."""
        packet = self._unanswered[-1]
        information = bytearray(packet.information)
        if information:
            information[position % len(information)] ^= change
        self._host.send(packet.protocol, bytes(information))

    def _answer(self) -> None:
        """Agree to what the link has asked for since the last time."""
        asked, self._unanswered = self._unanswered, []
        for packet in filter(None, map(agreement, asked)):
            self._host.send(*packet)

    def come_online(self) -> Finding | None:
        """Ask for everything again, and agree to everything, until the link is open or over."""
        host, link = self._host, self._host.link
        self._unanswered.clear()
        link.receive(b"~", host.now)
        host.send(LCP, control(REQUEST, 77))
        until = host.now + _LONGEST
        while host.now < until and not link.ended:
            self._look()
            self._answer()
            self._look()
            if link.open:
                return None
            host.send(PAP, control(REQUEST, 78, b"\2me\6secret"))
            host.send(IPCP, control(REQUEST, 79, option(3, _ADDRESSES.host.packed)))
            self._unanswered += host.wait(1.0)
        self._look()
        if not link.ended:
            return Finding("stuck", f"{link!r} after {_LONGEST} seconds with a good host")
        return None if self._ended else Finding("untold", "the link has ended without an event")


def agreement(packet: Seen) -> tuple[int, bytes] | None:
    """Return protocol and information of the packet by which a good host answers."""
    match packet.protocol, packet.information[:1]:
        case (0xC021 | 0x8021, b"\1"):
            return packet.protocol, control(ACK, packet.identifier, packet.data)
        case (0xC021, b"\5"):
            return LCP, control(TERMINATED, packet.identifier)
        case (0x8021, b"\3"):
            return IPCP, control(REQUEST, packet.identifier + 1, packet.data)
        case (0xC223, b"\1"):
            challenge = packet.data[1 : 1 + packet.data[0]]
            digest = md5(bytes((packet.identifier,)) + b"secret" + challenge).digest()
            return CHAP, control(2, packet.identifier, b"\x10" + digest + b"me")
    return None


def information(dice: Random) -> bytes:
    """Make a control packet, whose code, length or options may be wrong."""
    options = b"".join(_option(dice) for _ in range(dice.choice([0, 1, 2, 5])))
    made = bytearray(control(dice.choice([*range(1, 13), 0, 255]), dice.choice([0, 1, 2, 7, 255]), options))
    if dice.random() < 0.3:
        made[dice.randrange(len(made))] = dice.randrange(256)
    return bytes(made[: dice.choice([len(made), len(made), dice.randint(0, len(made))])])


def _option(dice: Random) -> bytes:
    return option(
        dice.choice([0, 1, 2, 3, 4, 5, 7, 8, 13, 129, 131, 255]), dice.randbytes(dice.choice([0, 2, 3, 4, 6]))
    )


def noise(dice: Random) -> bytes:
    """Make bytes that are no frame, but may look like the begin or the end of one."""
    if dice.random() < 0.5:
        return dice.choice(_NOISES)
    return dice.randbytes(dice.choice([1, 5, 100, 3000]))
