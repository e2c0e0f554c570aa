"""The next step that a reason names is one: the host types it, and the refused command passes."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from emulator.at.syntax import Call, parse_line
from emulator.commands.catalogue import command_table
from emulator.commands.remedies import WAYS
from emulator.device.needs import memory, network, sockets, ssl, transfer
from emulator.errors import Cause, Need
from emulator.firmware.loader import load_firmware
from emulator.testing import Bench, FtpsServer, HttpServer, MqttBroker
from emulator.trace.events import Refused
from tests.commands.lines import LINES
from tests.commands.peer import ObedientPeer
from tests.commands.reasons import say
from tests.commands.ssl_bench import HOST
from tests.peers.pki import CLIENT, ROOT
from tests.peers.processes import openssl_server

FTP = "ftp.example.com"
FIRMWARES = ("HE910", "GE865-QUAD", "ME310G1")
_FILLED = {
    "<apn>": "internet",
    "<port>": "443",
    "<address>": HOST,
    "<server>": FTP,
    "<user>": "telit",
    "<password>": "public-demo",
    "<file>": "file.txt",
    "<pin>": "4711",
    "<pin2>": "5599",
    "<puk>": "87654321",
    "<new pin>": "2468",
    "<number>": "+391234567",
    "<path>": "/",
    "<cid>": "1",
    "<instance>": "1",
    "<client id>": "module",
    "<topic>": "topic",
    "<yy/MM/dd,hh:mm:ss+zz>": "26/01/01,10:00:00+00",
}
_SETTINGS: Mapping[str, Sequence[str]] = {
    "PIN": ["sim.pin=4711"],
    "PUK": ["sim.pin=4711", "sim.puk=87654321"],
    "PIN2": ["sim.pin2=5599"],
    "PIN in use": ["sim.dormant_pin=4711"],
    "room for scripts": ["scripts.room=100"],
    "room for a rule": ["firewall.rules=3"],
    "free place": ["sim.files.preferred_places=8"],
}
"""What a situation sets in the profile."""
_ENTRIES: Mapping[str, bytes] = {
    "AT#SSLSECDATA=1,1,0,": CLIENT.pem,
    "AT#SSLSECDATA=1,1,1,": ROOT.pem,
    "AT#SSLSECDATA=1,1,2,": CLIENT.key_pem,
    "AT#WSCRIPT": b"print 'hello'",
    "AT#FTPAPPEXT": b"the end",
}
"""What is entered, by the beginning of the line that asks for it."""
_MOST_STEPS = 8

_ACTIVE = ('AT+CGDCONT=1,"IP","internet"', "AT#SGACT=1,1")
_SSL_DIAL = f'AT#SSLD=1,443,"{HOST}",0,1'
_FTP_OPEN = f'AT#FTPOPEN="{FTP}","telit","public-demo",1'
_MQTT = f'AT#MQCFG=1,"{HOST}",1883,1'
_MQTT_CONNECTED = ("AT#MQEN=1,1", _MQTT, 'AT#MQCONN=1,"module"')
_MESSAGE = 'AT+CMGS="+391234567"\nHello\x1a'

Situation = tuple[tuple[str, ...], str]
"""What the host has done, and the command that is refused then."""

SITUATIONS: Mapping[str, Situation] = {
    "context": (("AT#SGACT=1,0",), f'AT#SD=1,0,443,"{HOST}",0,0,1'),
    "attachment": (('AT+CGDCONT=1,"IP","internet"', "AT+CGATT=0"), "AT#SGACT=1,1"),
    "registration": (("AT+COPS=2",), "AT+CGATT=1"),
    "radio": (("AT+CFUN=4",), "AT+CGATT=1"),
    "socket of a context": (
        ('AT+CGDCONT=2,"IP","internet"', *(f"AT#SCFG={n},1,300,90,600,50" for n in range(1, 7))),
        "AT#SGACT=2,1",
    ),
    "active context": (('AT+CGDCONT=1,"IP","internet"', "AT#SGACT=1,1"), 'AT+CGDCONT=1,"IP","other"'),
    "plain socket": ((), "AT#SSEND=1"),
    "listening socket": (
        ('AT+CGDCONT=1,"IP","internet"', "AT#SGACT=1,1", "AT#SL=1,1,5000"),
        f'AT#SD=1,0,443,"{HOST}",0,0,1',
    ),
    "certificate": (("AT#SSLEN=1,1", "AT#SSLSECCFG=1,0,1"), f'AT#SSLD=1,443,"{HOST}",0,1'),
    "secure socket": ((), "AT#SSLSEND=1"),
    "open secure socket": ((), "AT#SSLFASTD=1,1"),
    "FTP session": ((), "AT#FTPPWD"),
    "FTP upload": ((), "AT#FTPAPPEXT=3"),
    "FTP download": ((), "AT#FTPRECV=10"),
    "PIN": ((), "AT+CGATT=1"),
    "PUK": (3 * ("AT+CPIN=1111",), "AT+CIMI"),
    "PIN2": ((), 'AT+CPBS="FD"'),
    "PIN in use": ((), 'AT+CPWD="SC",4711,2468'),
    "detected card": (("AT#SIMDET=0",), "AT+CIMI"),
    "writable phonebook": (('AT+CPBS="LD"',), 'AT+CPBW=1,"123"'),
    "message mode": ((), _MESSAGE),
    "message centre": (("AT+CMGF=1", 'AT+CSCA="",129'), _MESSAGE),
    "message parameters": (("AT+CMGF=1", "AT+CSMP=4"), _MESSAGE),
    "message service": (("AT+CMGF=1", "AT+COPS=2"), _MESSAGE),
    "HTTP server": ((), 'AT#HTTPQRY=0,0,"/"'),
    "mail": ((), 'AT#EMAILD="you@example.com","Hello"'),
    "output": (("AT#GPIO=1,0,0",), "AT#GPIO=1,1"),
    "general purpose pin": ((), "AT#V24=0,1"),
    "script": ((), 'AT#RSCRIPT="a.py"'),
    "room for scripts": (('AT#WSCRIPT="old.py",60\n' + 60 * "#",), 'AT#WSCRIPT="new.py",60\n' + 60 * "#"),
    "easy peer": ((), "AT#SKTOP"),
    "easy listener": ((*_ACTIVE, "AT#SKTL=1,0,5000"), "AT#SKTL=1,0,5001"),
    "closed socket": ((*_ACTIVE, f'AT#SD=1,0,443,"{HOST}",0,0,1'), f'AT#SD=1,0,443,"{HOST}",0,0,1'),
    "datagram listener": ((*_ACTIVE, "AT#SLUDP=1,1,5000"), f'AT#SD=1,0,443,"{HOST}",0,0,1'),
    "closed secure socket": ((*_ACTIVE, "AT#SSLEN=1,1", _SSL_DIAL), _SSL_DIAL),
    "configured open socket": ((*_ACTIVE, "AT#SSLEN=1,1", _SSL_DIAL), "AT#SSLSECCFG=1,0,1"),
    "context of the other stack": (('AT+CGDCONT=1,"IP","internet"', "AT+CGACT=1,1"), 'AT#QDNS="127.0.0.1"'),
    "closed FTP session": ((*_ACTIVE, _FTP_OPEN), _FTP_OPEN),
    "FTP upload to end": ((*_ACTIVE, _FTP_OPEN, 'AT#FTPPUT="a",1'), "AT#FTPPWD"),
    "room for messages": (("AT+CMGF=1", *20 * ('AT+CMGW="123"\nHello\x1a',)), 'AT+CMGW="123"\nHello\x1a'),
    "free place": (8 * ('AT+CPOL=,2,"22210"',), 'AT+CPOL=,2,"22201"'),
    "enabled MQTT": ((), _MQTT),
    "disabled MQTT": (("AT#MQEN=1,1",), "AT#MQEN=1,1"),
    "MQTT connection": (_MQTT_CONNECTED[:2], 'AT#MQSUB=1,"topic"'),
    "MQTT server": ((), 'AT#MQPUBS=1,"topic",0,0,"Hello"'),
    "no MQTT connection": (_MQTT_CONNECTED, _MQTT),
    "room for a rule": (
        tuple(f"AT#FRWL=1,10.0.0.{n},255.255.255.255" for n in range(3)),
        "AT#FRWL=1,10.1.0.0,255.255.0.0",
    ),
}


_WITHOUT_DEFAULT_BEARER = {"attachment", "active context", "context of the other stack"}
"""Situations that do not arise where the context comes with the attachment."""


@pytest.fixture(scope="module")
def servers() -> Iterator[Mapping[str, str]]:
    """Routes to a server of each service."""
    with ObedientPeer() as tls, FtpsServer() as ftp, HttpServer() as http, MqttBroker() as broker:
        yield {
            HOST: f"127.0.0.1:{tls.port}",
            f"{HOST}:1883": f"127.0.0.1:{broker.port}",
            f"{FTP}:443": f"127.0.0.1:{broker.port}",
            f"{FTP}:21": f"127.0.0.1:{ftp.port}",
            f"{FTP}:80": f"127.0.0.1:{http.port}",
        }


def _steps(reason: str) -> list[str]:
    """The lines of the first way that a reason names."""
    told = re.search(r": (AT.*?)(?: and wait [^:]*| until [^:]*)? first(?:, or .*)?$", reason)
    assert told is not None, reason
    return told[1].split(", then ")


async def _heal(bench: Bench, line: str) -> list[str]:
    """Type what the reasons name until the line passes; every reason on the way."""
    reasons: list[str] = []
    while (reason := await say(bench, line)) is not None:
        reasons.append(reason)
        assert len(reasons) <= _MOST_STEPS, reasons
        for step in _steps(reason):
            reasons += await _heal(bench, _with_entry(_filled(step)))
    return reasons


def _filled(step: str) -> str:
    for placeholder, value in _FILLED.items():
        step = step.replace(placeholder, value)
    return step


def _with_entry(step: str) -> str:
    data = next((data for begin, data in _ENTRIES.items() if step.startswith(begin)), None)
    if data is None:
        return step
    end = "\x1a" if "SECDATA" in step else ""
    return f"{step.replace('<size>', str(len(data)))}\n{data.decode()}{end}"


def _cases() -> Iterator[tuple[str, str]]:
    """Each situation on each firmware that has the command."""
    for firmware in FIRMWARES:
        loaded = load_firmware(firmware)
        table = command_table(loaded)
        left_out = _WITHOUT_DEFAULT_BEARER if loaded.profile.pdp.default_bearer else set()
        for name, (_, line) in SITUATIONS.items():
            if name in left_out:
                continue
            call = parse_line(line.split("\n")[0].removeprefix("AT"))[0]
            assert isinstance(call, Call)
            if table.find(call.name) is not None:
                yield name, firmware


@pytest.mark.parametrize(("name", "firmware"), list(_cases()))
async def test_the_named_step_makes_the_refused_command_pass(
    name: str, firmware: str, servers: Mapping[str, str]
) -> None:
    """From a new module on."""
    before, line = SITUATIONS[name]
    async with Bench(firmware, routes=servers, settings=_SETTINGS.get(name, ())) as bench:
        for step in before:
            await say(bench, step)

        assert await _heal(bench, line)


async def test_a_server_that_wants_a_certificate_gets_one_by_the_named_steps(tmp_path: Path) -> None:
    """From a new module on: enabled, active, with a certificate, a key and the certificate of its authority."""
    authority, _ = ROOT.write(tmp_path)
    options = "-tls1", "-cipher", "ALL:@SECLEVEL=0", "-Verify", "1", "-verify_return_error", "-CAfile", str(authority)
    with openssl_server(tmp_path, *options) as port:
        async with Bench("HE910", routes={HOST: f"127.0.0.1:{port}"}) as bench:
            reasons = await _heal(bench, f'AT#SSLD=1,443,"{HOST}",0,1')

    assert [reason for reason in reasons if "the server asked for a certificate" in reason]
    assert "no CA certificate is stored" in reasons[-1]


def test_every_need_has_its_way() -> None:
    """No refusal names a need that no command can meet."""
    declared = {
        kind
        for module in (memory, network, sockets, ssl, transfer)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Need)
    }

    assert declared - {Need, ssl.OfSecureSocket} == set(WAYS)


_FIELDS: Mapping[str, object] = {
    "functionality": 1,
    "cid": 1,
    "number": 1,
    "packet_size": 300,
    "inactivity": 90,
    "connection_timeout": 600,
    "transmission": 50,
    "port": 5000,
    "protocol": 0,
    "address": "10.0.0.1",
    "mask": "255.255.255.255",
    "cipher_suite": 0,
    "authentication": 0,
    "limit": 100,
    "memory": "SM",
    "index": 1,
    "storage": "SM",
    "place": 1,
    "name": "a.py",
    "ssid": 1,
    "version": 3,
    "server_name": 0,
    "configuration": "1,300,90,100,50",
}
"""Fields of needs, with a value that each firmware takes."""


def _lines(bench: Bench) -> Iterator[str]:
    """Every line of every way that the firmware has."""
    table = command_table(bench.modem.device.firmware)
    for kind, ways in WAYS.items():
        need = kind(**{name: _FIELDS[name] for name in kind.__struct_fields__})
        is_asked_for = kind is not ssl.KeptSession or table.find("#SSLFASTD") is not None
        yield from (line for way in ways if is_asked_for and way.exists(table) for line in way.lines(need))


@pytest.mark.parametrize("firmware", [*LINES, "LE910-V2", "ME310G1"])
async def test_each_line_of_each_way_has_parameters_that_the_firmware_takes(firmware: str) -> None:
    """Whatever the state of the module says to it."""
    async with Bench(firmware) as bench:
        await bench.command("AT#SSLEN=1,1")
        for line in _lines(bench):
            bench.send(f"{_filled(line).replace('<size>', '100')}\r")
            for _ in range(20):
                await asyncio.sleep(0)
            await bench.advance(1)
            if bench.read().endswith(("> ", ">>>")):
                bench.send("\x1b")
        refusals = [event for event in bench.events if isinstance(event, Refused)]

    assert [one.reason for one in refusals if one.cause == Cause.OPERATION_NOT_SUPPORTED] == []
