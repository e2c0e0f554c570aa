"""Which read form is set back by which set form.

A `SettingsCommand` and a `TableCommand` say it themselves: what their set form takes, their read form shows. The other
commands with a read form stand here, each with its way, or with the reason why it is never set back; what is never set
back is never changed by a tool that leaves the module as it was found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from emulator.at.bound import BoundCommand
from emulator.at.syntax import Form
from emulator.commands.kinds import SettingsCommand, TableCommand
from emulator.dte.restoration import Listed, Made, Never, Places, Restoration, Whole, set_form
from emulator.dte.rows import Row, Rows

_STATE = "it is a state, not a setting"
_BY_ITSELF = "it changes by itself"
_SECRET = "it needs a PIN or a password that no read shows"
_OUTPUT = "a pin's level may switch something outside"
_IDENTITY = "it is fixed"
_REMOTE = "it begins or ends a connection"


def _operator(before: Rows, now: Rows) -> Iterator[str]:
    """Choose the format alone where the mode is as it was: a mode makes the module register again."""
    for was, is_now in zip(before[:1], now[:1], strict=False):
        if was[0] != is_now[0]:
            yield f"AT+COPS={','.join(was[:3] if was[0] == '1' else was[:2])}"
        elif len(was) > 1:
            yield f"AT+COPS=3,{was[1]}"


@dataclass(frozen=True)
class _Operator(Made):
    """The mode and the format of +COPS; a module that is not registered shows the mode alone."""

    def lasting(self, rows: Rows) -> Rows:
        return [(*row, _LONG_FORMAT)[:2] for row in rows]


_LONG_FORMAT = "0"
"""The format from the start on."""


def _rules(before: Rows, now: Rows) -> Iterator[str]:
    for row in now:
        if row not in before:
            yield f"AT#FRWL=0,{','.join(row[:2])}"
    for row in before:
        if row not in now:
            yield f"AT#FRWL=1,{','.join(row[:2])}"


def _alarm(before: Rows, now: Rows) -> Iterator[str]:
    if not before:
        yield "AT+CALD=0"
    for row in before:
        yield f"AT+CALA={','.join(row)}"


def _activations(before: Rows, now: Rows) -> Iterator[str]:
    shown = set(now)
    for cid, state, *_ in before:
        if (cid, state) not in shown:
            yield f"AT+CGACT={state},{cid}"


def _contexts(before: Rows, now: Rows) -> Iterator[str]:
    """Deactivate first what was not active, or not even defined: a context in use cannot be removed."""
    for cid, state, *_ in now:
        if state != "0" and (cid, state) not in {row[:2] for row in before}:
            yield f"AT#SGACT={cid},0"
    for cid, state, *_ in before:
        if state != "0" and (cid, state) not in {row[:2] for row in now}:
            yield f"AT#SGACT={cid},{state}"


def _events(before: Rows, now: Rows) -> Iterator[str]:
    shown = set(now)
    for label, mode, line, *values in (row for row in before if row not in shown):
        for number, value in enumerate(values, 1):
            yield f"AT#EVMONI={label},{mode},{number},{value}"
        yield f"AT#EVMONI={label},{mode},0,{line}"


def _definition(row: Row) -> Row:
    """Leave out the address where only zeros are shown: there is none, and no set form takes these."""
    return tuple('""' if place == _ADDRESS and not value.strip('"0.:') else value for place, value in enumerate(row))


def _power_saving(before: Rows, now: Rows) -> Iterator[str]:
    """Forget the timers first: those left out would stay."""
    yield "AT+CPSMS=2"
    for row in before:
        yield set_form("+CPSMS", row)


def _cycles(before: Rows, now: Rows) -> Iterator[str]:
    yield "AT+CEDRXS=3"
    for technology, cycle, *_ in before:
        yield f"AT+CEDRXS=1,{technology},{cycle}"


def _quoted_broker(row: Row) -> Row:
    """Quote the server, which is shown bare; some firmware does not show the context behind the port: the first."""
    return (row[0], f'"{row[1]}"', *row[2:], *("1",) * (len(row) == _WITHOUT_CONTEXT))


def _quoted_will(row: Row) -> Row:
    """Quote topic and message, which are shown bare."""
    return (*row[:4], f'"{row[4]}"', f'"{",".join(row[5:])}"') if len(row) > 5 else row


def _with_format(row: Row) -> Row:
    """Add the format of entries, which is shown only once it has been given since power-on: PEM."""
    return (*row, "1") if len(row) == 3 else row


_WITHOUT_CONTEXT = 3
_ADDRESS = 3
"""The place of the address in a row of +CGDCONT."""
_BASIC = Whole(1)
_TABLE = Listed(removed=None)
OTHERS: Mapping[str, Restoration] = {
    **dict.fromkeys(("E", "V", "Q", "X", "L", "M", "&K", "&C", "&D", "&S", "\\Q", "\\R", "\\V"), _BASIC),
    **dict.fromkeys(("+FMI", "+FMM", "+FMR", "+PACSP", "$GPSSW"), Never(_IDENTITY)),
    **dict.fromkeys(("+DS", "+GCI", "+FPR", "+FDD", "+IFC", "+FLO", "+MS", "+CAOC", "+CUSD", "+CCWA"), Whole()),
    **dict.fromkeys(("+CSCS", "+CSCA", "+CSCB", "+CSMP", "+CGCLASS", "#PSEL", "#PSET", "#FTPTO", "#FTPTYPE"), Whole()),
    **dict.fromkeys(("#ESMTP", "#EADDR", "#EUSER", "#SMTPCFG", "#USERID", "#GPPPCFG", "#NTPCFG", "#WAKE"), Whole()),
    **dict.fromkeys(("#ESCRIPT", "#CMUXSCR", "#SKTSET", "#M2MCHDIR", "#BND", "#RTCSTAT", "$GPSNMUN"), Whole()),
    **dict.fromkeys(("+CGQMIN", "+CGQREQ", "+CGEQMIN", "+CGEQREQ", "+CGAUTH", "+CPOL"), Listed()),
    **dict.fromkeys(("#TSVOL", "#V24CFG", "#HTTPCFG", "#DNS", "#SSLEN", "#SSLCFG"), _TABLE),
    **dict.fromkeys(("#SSLSECCFG2", "#MQEN", "#MQCFG2", "#MQTCFG"), _TABLE),
    **dict.fromkeys(("+CACM", "+CAMM", "+CPUC"), Never(_SECRET)),
    **dict.fromkeys(("#GPIO", "#SGPO", "#DAC", "#VAUX"), Never(_OUTPUT)),
    **dict.fromkeys(("#V24", "#GGPI", "#ADC", "+CBC", "#QTEMP", "+CCLK", "#CCLK", "+CIND"), Never(_BY_ITSELF, 0)),
    **dict.fromkeys(("$GPSACP", "$GPSAV", "$GPSAI", "S1", "#STGI", "#STSR", "#GGPI"), Never(_BY_ITSELF, 0)),
    **dict.fromkeys(("+CMUX", "+CFUN", "+CPIN", "#RSEN"), Never(_STATE)),
    **dict.fromkeys(("#SL", "#SLUDP", "#SKTL", "@SKTL", "#EMAILACT", "#MQCONN"), Never(_REMOTE)),
    **dict.fromkeys(("#FTPGETPKT", "#FTPRECV", "#MQREAD"), Never(_STATE, 0)),
    "#SRS": Never("its sound is over by itself", 0),
    "+CGDCONT": Listed(order=_definition),
    "#GSMCONT": Listed(),
    "#MSCLASS": Whole(1),
    "+CSMS": Whole(1),
    "+CGATT": Whole(),
    "#GPRS": Never("#SGACT sets it back", 0),
    "#GSMAD": Whole(),
    "#TEMPMON": Never("what it shows is not what it takes"),
    "#ENHRST": Whole(2),
    "$GPSP": Whole(),
    "#SSLSECDATA": Never("what is stored is read and written in another way"),
    "#STIA": Never("it starts the toolkit anew"),
    "#EVMONI": Made(_events),
    "#FRWL": Made(_rules),
    "+CALA": Made(_alarm),
    "+CGACT": Made(_activations, 2),
    "#SGACT": Made(_contexts),
    "+COPS": _Operator(_operator),
    "+CPBS": Places((0,), lasts=2),
    "+CPMS": Places((0, 3, 6), lasts=9),
    "+CPSMS": Made(_power_saving),
    "+CEDRXS": Made(_cycles),
    "#SSLSECCFG": Listed(removed=None, completed=_with_format),
    "#MQCFG": Listed(removed=None, order=_quoted_broker),
    "#MQWCFG": Listed(removed=None, order=_quoted_will),
}
"""By the command's name."""

SPEED = "the line's speed or form would change, and the port's would not"
REGISTERS = "the module would look for a network anew"
RESTARTS = "the module may restart, or answer no more"
DISTURBING: Mapping[str, str] = {
    **dict.fromkeys(("+IPR", "+ICF"), SPEED),
    **dict.fromkeys(
        ("+WS46", "#WS46", "#BND", "#AUTOBND", "+COPS", "+CGATT", "#ENS", "#PLMNMODE", "+CGCLASS"), REGISTERS
    ),
    **dict.fromkeys(("#MSCLASS", "+CEMODE", "#AUTOATT", "#SGACT", "+CGACT", "+CPSMS", "+CEDRXS", "+CVHU"), REGISTERS),
    **dict.fromkeys(("#ENHRST", "#WAKE", "+CALA", "#CMUXMODE", "#PORTCFG", "#ENHSIM"), RESTARTS),
    **dict.fromkeys(("#SIMDET", "#CMUXSCR", "#STARTMODESCR", "#CPUMODE", "#TXMONMODE"), RESTARTS),
    **dict.fromkeys(("#ICMP", "$GPSP", "#GSMAD"), "it begins something outside the line"),
    **dict.fromkeys(("S0",), "the module would answer calls"),
    **dict.fromkeys(("S3", "S4", "S5", "#SELINT"), "the line would be read in another way"),
    **dict.fromkeys(("E", "V", "Q", "&K", "+IFC", "+FLO", "\\Q", "+CSCS"), "the answers would look otherwise"),
    "#MQCFG": "its read form may not show all of it",
    **dict.fromkeys(("+CUSD", "+CCWA"), "a set form may ask the network, which may cost"),
    "+CPOL": "it is written to the SIM card",
}
"""Why a tool that only looks for values leaves a setting alone, though it could set it back."""


UNDECLARED = Never("nothing is known of it", 0)
"""Of a command that is not declared here."""


def restoration_of(bound: BoundCommand) -> Restoration:
    """Return how what the command shows is set back."""
    command = bound.command
    if command.name in OTHERS:
        declared = OTHERS[command.name]
        return replace(declared, most=len(bound.parameters)) if isinstance(declared, Whole | Listed) else declared
    if isinstance(command, SettingsCommand) and bound.has(Form.SET):
        return Whole(len(bound.parameters))
    if isinstance(command, TableCommand):
        return _TABLE
    return UNDECLARED


def is_harmless(bound: BoundCommand) -> bool:
    """Return whether a tool may set the command to try a value: a read shows it, and it can be set back."""
    name = bound.command.name
    return bound.has(Form.READ) and bound.has(Form.SET) and name not in DISTURBING and restoration_of(bound).can
