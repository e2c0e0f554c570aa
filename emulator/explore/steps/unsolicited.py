"""The URCs that a module could send at a moment: each with what enables it, and where that is written."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from emulator.explore.steps.answer import lines_of
from emulator.faults.census import Census
from emulator.faults.fault import Place
from emulator.faults.situation import Situation

_SEARCHING = 2
"""<stat> of +CREG."""
_WITH_CELL = 2
"""<n> of +CREG from which a new cell is reported, too."""
_EVERY_CHANGE = 2
"""<mode> of #QSS."""
_RECORDS = 20.0
"""Seconds after a start in which the card is still read."""
_CALLER = '"+390404192701",145'


@dataclass(frozen=True)
class Moment:
    """What decides whether a URC may come."""

    situation: Situation
    census: Census
    terminal: str
    """The AT instance at which it would be said."""
    at: float
    """Seconds since the modem started."""
    reported: Mapping[str, str]
    """What the run's answers have shown of a registration, without <n>: `1,"EF8D","52D2388",2` by `+CREG`."""

    def has(self, setting: str) -> int:
        """Return the value of a setting; 0 where the firmware has none of that name."""
        return self.situation.settings.get(setting, 0)


@dataclass(frozen=True)
class Urc:
    """A URC."""

    name: str
    enabled: str
    """What the host does to get it, in words."""
    source: str
    lines: Callable[[Moment], Sequence[str]]
    """Returns what the module says; nothing where it would not."""


def moments(census: Census) -> Callable[[Situation, str, float], Moment]:
    """Return what makes the moments of a run."""
    reported: dict[str, str] = {}
    for answer in census.at(Place.ANSWER):
        for line in lines_of(answer.data):
            if (match := _REPORT.match(line)) is not None:
                reported[match[1]] = match[2]
    return lambda situation, terminal, at: Moment(situation, census, terminal, at, reported)


_REPORT = re.compile(r"(\+C(?:|G|E)REG): \d,([15](?:,.*)?)$")
"""The answer to a read command: <n>, then what a URC has, too."""


def _registration(name: str) -> Callable[[Moment], Sequence[str]]:
    """Return the reports of a short search, or with <n> from 2 on of another cell."""

    def lines(moment: Moment) -> Sequence[str]:
        mode, situation = moment.has(name), moment.situation
        if not mode or not situation.registered:
            return ()
        if mode >= _WITH_CELL:
            return (f"{name}: {moment.reported[name]}",) if name in moment.reported else ()
        stat = {"+CREG": situation.registration, "+CGREG": situation.packet_registration}
        back = stat.get(name, situation.eps_registration)
        return (f"{name}: {_SEARCHING}", f"{name}: {back}") if back else ()

    return lines


def _call(moment: Moment) -> Sequence[str]:
    if not moment.census.device.voice or not moment.situation.registered or moment.situation.calls:
        return ()
    lines = ["+CRING: VOICE" if moment.has("+CRC") else "RING"]
    if moment.has("+CLIP"):
        lines.append(f'+CLIP: {_CALLER},"",128,"",0')
    return lines


def _card(moment: Moment) -> Sequence[str]:
    ready = moment.has("#QSS") == _EVERY_CHANGE and moment.at < _RECORDS and moment.situation.registered
    return ("#QSS: 3",) if ready else ()


def _rings(moment: Moment) -> Iterator[str]:
    if not any(connection.terminal == moment.terminal for connection in moment.census.at(Place.SENT)):
        return  # they go to the AT instance that has opened the connection
    for socket in moment.situation.sockets:
        if socket.waiting and not socket.in_data_mode and socket.ring_mode == 1:
            yield f"{'SSLSRING' if socket.secure else 'SRING'}: {socket.number},{socket.waiting}"


def _indicator(moment: Moment) -> Sequence[str]:
    reports = moment.has("+CMER.mode") and moment.has("+CMER.indicators") and moment.situation.registered
    return ("+CIEV: rssi,3",) if reports else ()


def _context_event(moment: Moment) -> Sequence[str]:
    if not moment.census.device.lte or not moment.has("+CGEREP.mode"):
        return ()
    return [f"+CGEV: NW MODIFY {cid},2,0" for cid in moment.situation.contexts[:1]]


def _technology(moment: Moment) -> Sequence[str]:
    known = moment.has("#PSNT") and moment.situation.registered
    return (f"#PSNT: {moment.situation.packet_technology}",) if known else ()


def _while_registered(setting: str, line: str) -> Callable[[Moment], Sequence[str]]:
    return lambda moment: (line,) if moment.has(setting) and moment.situation.registered else ()


URCS: Sequence[Urc] = (
    Urc("+CREG", "AT+CREG=1 or 2", "27.007 7.2; Software User Guide 2.11.1", _registration("+CREG")),
    Urc("+CGREG", "AT+CGREG=1 or 2", "27.007 10.1.20; at-commander shows it on a Telit", _registration("+CGREG")),
    Urc("+CEREG", "AT+CEREG=1 to 5", "27.007 10.1.22", _registration("+CEREG")),
    Urc("RING", "nothing: a firmware with voice calls", "V.250 6.3; Software User Guide 3.4.1", _call),
    Urc(
        "SRING, SSLSRING",
        "<srMode> 1 of #SCFGEXT or #SSLCFG, while data waits in command mode",
        "IP Easy User Guide 5.3.2: told again with the size; SSL guide 4.3",
        lambda moment: tuple(_rings(moment)),
    ),
    Urc("#QSS", "AT#QSS=2, while the card is read after a start", "Software User Guide 2.10.4", _card),
    Urc("+CIEV", "AT+CMER=…,1 or 2", "27.007 8.10", _indicator),
    Urc("+CGEV", "AT+CGEREP=1 or 2, with LTE", "27.007 10.1.19: NW MODIFY, informational", _context_event),
    Urc("#PSNT", "AT#PSNT=1", "at-commander shows it: another cell", _technology),
    Urc(
        "#NITZ",
        "AT#NITZ=…,1",
        "Software User Guide 3.3: the network tells the time whenever it wants to",
        _while_registered("#NITZ.mode", "#NITZ: 26/03/01,12:00:00"),
    ),
    Urc("+CTZV", "AT+CTZR=1", "27.007 8.41", _while_registered("+CTZR", "+CTZV: +04")),
    Urc(
        "+CUSD",
        "AT+CUSD=1",
        "27.007 7.15: the network may begin; at-commander shows such a text",
        _while_registered("+CUSD", '+CUSD: 0,"Welcome",15'),
    ),
    Urc("#MWI", "AT#MWI=1", "AT Commands Reference Guide: #MWI", _while_registered("#MWI", "#MWI: 1,1,1")),
)
"""URCs, the most telling ones first.

NO CARRIER is none of them: connections and calls that end say it, and these are steps of their own. Messages really
come, too, so that what +CMTI names is there.
"""


def possible(moment: Moment) -> Iterator[tuple[Urc, Sequence[str]]]:
    """Yield the URCs that may come at a moment, with their lines."""
    for urc in URCS:
        if lines := urc.lines(moment):
            yield urc, lines
