"""Writes a transcript: every line of the AT dialogue with its time and direction."""

from collections.abc import Callable, Iterator

from emulator.trace.events import (
    Accepted,
    AnswerDiffers,
    ConnectionEnded,
    Defect,
    Dialled,
    Dropped,
    EngineChosen,
    Event,
    Fault,
    FaultSkipped,
    FaultTally,
    FtpSaid,
    GatewayConnection,
    HostPresence,
    HostSent,
    HttpSaid,
    Listening,
    ModuleSent,
    MqttPacket,
    Pinged,
    PppPacket,
    Ready,
    Recording,
    RecordingEnded,
    Refused,
    Resolved,
    ShortMessage,
    SmtpSaid,
    StateChanged,
    TlsOutcome,
    Unheard,
)
from emulator.trace.printable import printable

_WHO = 8
"""Characters of a line before what is said."""
_GAP = 2
_LONGEST = 160
"""Characters of data shown of one piece; commands and answers are shown whole."""


class Transcript:
    """Read the trace, and pass each line to `write`; a column names the AT instance as soon as there are several."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write
        self._instances: set[str] = set()

    def __call__(self, now: float, event: Event) -> None:
        instance = getattr(event, "terminal", "")
        if instance:
            self._instances.add(instance)
        several = len(self._instances) > 1
        width = max(map(len, self._instances), default=0) + _GAP
        for line in lines_of(event):
            shown = f"{line[:_WHO]}{instance:{width}}{line[_WHO:]}" if several else line
            self._write(f"{now:12.3f}  {shown}")


def lines_of(event: Event) -> Iterator[str]:
    """Yield the lines of one event, without its time: who, and behind it what."""
    match event:
        case HostSent(mode="command", text=text):
            yield f"host    {printable(text)}"
        case ModuleSent(mode="command", text=text):
            for line in text.split("\r\n"):
                if line:
                    yield f"module  {printable(line)}"
        case HostSent(mode=mode, text=text, size=size):
            yield f"host    [{mode}, {size} bytes] {_shortened(text)}"
        case ModuleSent(text="\r\n> " | "\r\n>>>" as prompt):
            yield f"module  {prompt.strip()}"
        case ModuleSent(mode=mode, text=text, size=size):
            yield f"module  [{mode}, {size} bytes] {_shortened(text)}"
        case Dialled(host=host, port=port, target=target, outcome=outcome):
            route = "" if target == f"{host}:{port}" else f" by way of {target}"
            yield f"net     {host}:{port}{route}: {outcome}"
        case GatewayConnection(dialled=dialled, back_end=back_end, outcome=outcome):
            yield f"gateway {dialled} to {back_end}: {outcome}"
        case Resolved(host=host, outcome=outcome):
            yield f"net     {printable(host)}: {outcome}"
        case Pinged(host=host, target=target, outcome=outcome):
            route = "" if target == host else f" by way of {target}"
            yield f"net     ping {printable(host)}{route}: {outcome}"
        case Dropped(peer=peer):
            yield f"net     {peer}: dropped, no rule of #FRWL admits it"
        case Accepted(peer=peer, port=port, outcome=outcome):
            yield f"net     {peer} to port {port}: {outcome}"
        case Listening(protocol=protocol, port=port, address=address):
            yield f"net     {protocol} port {port} is listened on at {address}"
        case ShortMessage(direction=direction, number=number, text=text):
            yield f"sms     {'to' if direction == 'sent' else 'from'} {number}: {printable(text)}"
        case FtpSaid(direction=direction, text=text):
            for line in text.splitlines():
                yield f"ftp     {'>' if direction == 'sent' else '<'} {printable(line)}"
        case HttpSaid(direction=direction, text=text):
            for line in text.split("\r\n"):
                yield f"http    {'>' if direction == 'sent' else '<'} {printable(line)}"
        case SmtpSaid(direction=direction, text=text):
            for line in text.splitlines():
                yield f"smtp    {'>' if direction == 'sent' else '<'} {printable(line)}"
        case MqttPacket(direction=direction, text=text):
            yield f"mqtt    {'>' if direction == 'sent' else '<'} {printable(text)}"
        case PppPacket(direction=direction, text=text):
            yield f"ppp     {'<' if direction == 'sent' else '>'} {printable(text)}"
        case Ready(firmware=firmware, status="public" | "provisional" as status):
            yield f"module  [{printable(firmware)}: its software line is {status}]"
        case Recording(port=port, module=module):
            yield f"port    [{printable(port)} leads to {printable(module)}]"
        case RecordingEnded(reason=reason):
            yield f"port    [the recording ends: {printable(reason)}]"
        case AnswerDiffers(command=command, firmware=firmware, diff=diff, reasons=reasons):
            told = f"differs {printable(command)}: {firmware} answers otherwise"
            yield told if diff else f"compare {printable(command)}: not compared"
            for line in (*diff, *(f"  {reason}" for reason in reasons)):
                yield f"          {printable(line)}"
        case HostPresence(present=present):
            yield f"port    {'opened' if present else 'closed'} by the host"
        case StateChanged(thing=thing, before=before, after=after):
            yield f"module  [{thing}: {before} -> {after}]"
        case EngineChosen(engine=engine, reason=reason, ssid=ssid):
            yield f"tls     {_of_socket(ssid)}{engine} engine: {reason}"
        case TlsOutcome(outcome=outcome, suite=suite, resumed=resumed, ssid=ssid):
            how = f" {suite}{', resumed' if resumed else ''}" if suite else ""
            yield f"tls     {_of_socket(ssid)}{outcome}{how}"
        case Refused(command=command, reason=reason):  # it says, too, what `CommandMissing` does
            yield f"refused {f'{printable(command)}: ' if command else 'the line: '}{printable(reason)}"
        case ConnectionEnded(reason=reason):
            yield f"ended   {printable(reason)}"
        case Unheard(lack="AT", text=text):
            yield f"host    [ignored, no AT] {_shortened(text)}"
        case Unheard(lack="power"):
            yield "host    [not heard: the module is off, or still starting]"
        case Unheard(text=text, size=size):
            count = f"{size} byte{'s' * (size != 1)}"
            yield f"host    [{count} without CR: {_shortened(text)}; a command ends with CR]"
        case Fault(rule=rule):
            yield f"fault   {printable(rule)}"
        case FaultSkipped(rule=rule):
            yield f"fault   [not fired] {printable(rule)}"
        case FaultTally(rule=rule, fired=0, why=why):
            yield f"fault   [never fired] {printable(rule)}: {printable(why)}"
        case Defect(text=text):
            yield f"defect  {printable(text)}"
        case _:
            pass


def _of_socket(ssid: int) -> str:
    """Name the secure socket where it is not the first one."""
    return "" if ssid == 1 else f"SSId {ssid}: "


def _shortened(text: str) -> str:
    shown = printable(text[:_LONGEST])
    return shown if len(text) <= _LONGEST else f"{shown}…"
