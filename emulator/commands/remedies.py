"""The next step for the host's author: the AT commands that bring about what a refused command needs.

`WAYS` is the one place that knows them. A way that needs a command which the firmware lacks is not told.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict

from emulator.at.syntax import Call, parse_line
from emulator.at.table import CommandTable
from emulator.device.needs import memory, network, sockets, ssl, transfer
from emulator.errors import DeviceError, Need


class Lines(Need, frozen=True):
    """The host has sent these lines; for a command that knows its own remedy."""

    lines: tuple[str, ...]


class Way:
    """Lines that the host sends one after the other; `{}` in them are fields of the need, `<>` are the host's to fill.

    `note` stands behind the last line.
    """

    def __init__(self, *lines: str, note: str = "") -> None:
        self._lines = lines
        self._note = note

    def __repr__(self) -> str:
        return f"<Way {self._lines}>"

    def exists(self, table: CommandTable) -> bool:
        """Return whether a firmware has every command of it."""
        return all(_exists(line, table) for line in self._lines)

    def lines(self, need: Need) -> list[str]:
        """Return the lines for a need."""
        return [line.format(**asdict(need)) for line in self._lines]

    def told(self, need: Need) -> str:
        """Return the text for a need."""
        return ", then ".join(self.lines(need)) + self._note


WAYS: Mapping[type[Need], tuple[Way, ...]] = {
    network.RadioOn: (Way("AT+CFUN={functionality}"),),
    network.UnlockedCard: (Way("AT+CPIN=<pin>"),),
    network.UnblockedCard: (Way("AT+CPIN=<puk>,<new pin>"),),
    network.DetectedCard: (Way("AT#SIMDET=2"),),
    network.ReturnedCard: (Way("AT+CSIM=0"),),
    network.UsedPin: (Way('AT+CLCK="SC",1,<pin>'),),
    network.GivenPin2: (Way("AT+CACM=<pin2>"),),
    network.WantedRegistration: (Way("AT+COPS=0"),),
    network.Service: (Way("AT+CREG=1", note=" and wait for +CREG: 1 or +CREG: 5"),),
    network.Attachment: (Way("AT+CGATT=1"),),
    network.DefinedContext: (Way('AT+CGDCONT={cid},"IP","<apn>"'),),
    network.ActiveContext: (Way("AT#SGACT={cid},1"),),
    network.InactiveContext: (Way("AT#SGACT={cid},0"),),
    network.TiedSocket: (Way("AT#SCFG={number},{cid},{packet_size},{inactivity},{connection_timeout},{transmission}"),),
    network.NoDataCall: (Way("ATH", note=" at the port or channel of that call"),),
    sockets.OpenSocket: (Way('AT#SD={number},0,<port>,"<address>",0,0,1'),),
    sockets.ClosedSocket: (Way("AT#SH={number}"),),
    sockets.ListeningSocket: (Way("AT#SL={number},1,<port>", note=" and wait for SRING"),),
    sockets.NoListener: (Way("AT#SL={number},0,{port}"),),
    sockets.NoDatagramListener: (Way("AT#SLUDP={number},0,{port}"),),
    sockets.NoEasyListener: (Way("AT#SKTL=0,{protocol},{port}"),),
    sockets.EasyPeer: (Way('AT#SKTSET=0,<port>,"<address>"'),),
    sockets.FreeRule: (Way('AT#FRWL=0,"{address}","{mask}"'),),
    ssl.EnabledSsl: (Way("AT#SSLEN={ssid},1"),),
    ssl.DisabledSsl: (Way("AT#SSLEN={ssid},0"),),
    ssl.ReleasedSsl: (Way("AT#SSLEN={ssid},0", note=" at the port or channel of that one"),),
    ssl.OpenSecureSocket: (Way('AT#SSLD={ssid},<port>,"<address>",0,1'),),
    ssl.ClosedSecureSocket: (Way("AT#SSLH={ssid}"),),
    ssl.KeptSession: (Way('AT#SSLD={ssid},<port>,"<address>",1,1', "AT#SSLH={ssid}"),),
    ssl.CaCertificate: (Way("AT#SSLSECDATA={ssid},1,1,<size>"), Way("AT#SSLSECCFG={ssid},{cipher_suite},0")),
    ssl.Identity: (
        Way("AT#SSLSECDATA={ssid},1,0,<size>", "AT#SSLSECDATA={ssid},1,2,<size>"),
        Way("AT#SSLSECCFG={ssid},{cipher_suite},1"),
    ),
    ssl.PresentedIdentity: (
        Way(
            "AT#SSLSECDATA={ssid},1,0,<size>", "AT#SSLSECDATA={ssid},1,2,<size>", "AT#SSLSECCFG={ssid},{cipher_suite},2"
        ),
    ),
    ssl.AnySuite: (Way("AT#SSLSECCFG={ssid},0,{authentication}"),),
    ssl.OfferedVersion: (Way("AT#SSLSECCFG2={ssid},{version},{server_name}"),),
    ssl.SkippedName: (Way("AT#SSLCFG={ssid},{configuration}"),),
    ssl.RightClock: (Way('AT+CCLK="<yy/MM/dd,hh:mm:ss+zz>"'),),
    transfer.OpenFtpSession: (Way('AT#FTPOPEN="<server>","<user>","<password>",1'),),
    transfer.NoFtpSession: (Way("AT#FTPCLOSE"),),
    transfer.ReleasedFtp: (Way("AT#FTPCLOSE", note=" at the port or channel of that one"),),
    transfer.FtpUpload: (Way('AT#FTPPUT="<file>",1'),),
    transfer.FtpDownload: (Way('AT#FTPGETPKT="<file>"'),),
    transfer.NoFtpUpload: (Way("AT#FTPAPPEXT=<size>,1"),),
    transfer.NoFtpDownload: (Way("AT#FTPRECV={limit}", note=" until it shows 0"),),
    transfer.HttpServer: (Way('AT#HTTPCFG={number},"<server>"'),),
    transfer.HttpAnswer: (Way('AT#HTTPQRY={number},0,"<path>"', note=" and wait for #HTTPRING"),),
    transfer.MailServer: (Way('AT#ESMTP="<server>"'),),
    transfer.EnabledMqtt: (Way("AT#MQEN={number},1"),),
    transfer.DisabledMqtt: (Way("AT#MQEN={number},0"),),
    transfer.ReleasedMqtt: (Way("AT#MQEN={number},0", note=" at the port or channel of that one"),),
    transfer.MqttConnection: (Way('AT#MQCONN={number},"<client id>"'),),
    transfer.NoMqttConnection: (Way("AT#MQDISC={number}"),),
    transfer.NoSecureMqtt: (Way("AT#MQDISC=<instance>"),),
    transfer.MqttServer: (Way('AT#MQCFG={number},"<server>",<port>,<cid>'),),
    transfer.MqttMessage: (Way('AT#MQSUB={number},"<topic>"', note=" and wait for #MQRING"),),
    memory.KnownCentre: (Way('AT+CSCA="<number>"'),),
    memory.ShownMessage: (Way("AT+CSMS=1", "AT+CNMI=2,2", note=" and wait for +CMT"),),
    memory.MessageRoom: (Way('AT+CPMS="{memory}"', "AT+CMGD={index}"),),
    memory.PhonebookRoom: (Way("AT+CPBW={index}"),),
    memory.WritableStorage: (Way('AT+CPBS="{storage}"'),),
    memory.UsersList: (Way("AT+CPLS=0"),),
    memory.FreePlace: (Way("AT+CPOL={place}"),),
    memory.ReceiverOn: (Way("AT$GPSP=1"),),
    memory.ControlledReceiver: (Way("AT$GPSD=2"),),
    memory.StoredScript: (Way('AT#WSCRIPT="{name}",<size>'),),
    memory.ScriptRoom: (Way('AT#DSCRIPT="{name}"'),),
}
"""How each need is met; the ways stand in the order of advice."""


def reason_with_remedy(error: DeviceError, table: CommandTable) -> str:
    """Return the reason of a refusal, with the next step behind it where there is one on this firmware."""
    told = remedies(error.need, table)
    return f"{error.reason}: {told}" if told else error.reason


def remedies(need: Need | None, table: CommandTable) -> str:
    """Return the ways to meet a need, in one line; empty where there is none."""
    if need is None:
        return ""
    ways = [way.told(need) for way in _ways(need) if way.exists(table)]
    return ", or ".join([f"{ways[0]} first", *ways[1:]]) if ways else ""


def _ways(need: Need) -> tuple[Way, ...]:
    return (Way(*need.lines),) if isinstance(need, Lines) else WAYS[type(need)]


def _exists(line: str, table: CommandTable[Any]) -> bool:
    calls = parse_line(line.removeprefix("AT"))
    return all(isinstance(call, Call) and table.find(call.name) is not None for call in calls)
