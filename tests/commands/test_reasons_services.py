"""Why commands for HTTP, mail, positions, calls, scripts, alarms and the board are refused."""

from emulator.testing import Bench
from tests.commands.email_bench import MAIL, email_bench
from tests.commands.email_bench import SERVER as MAIL_SERVER
from tests.commands.http_bench import http_bench
from tests.commands.reasons import Step, dialogue
from tests.commands.socket_bench import TcpPeer
from tests.peers.processes import free_port

HTTP: list[Step] = [
    ('AT#HTTPQRY=1,0,"/"', 'the HTTP profile 1 names no server: AT#HTTPCFG=1,"<server>" first'),
    ("AT#HTTPRCV=0", 'no answer for the HTTP profile 0 has come: AT#HTTPQRY=0,0,"<path>" and wait for #HTTPRING first'),
    ('AT#HTTPQRY=0,0,"/"', None),
    (
        'AT#HTTPQRY=0,0,"/"',
        "the HTTP profile 0 is in use: its request is on the way, or waits for its answer",
    ),
]
SMTP: list[Step] = [
    (MAIL, "no context 1 is active: AT#SGACT=1,1 first"),
    ("AT#SGACT=1,1", None),
    ('AT#ESMTP=""', None),
    (MAIL, 'no mail server is set: AT#ESMTP="<server>" first'),
    (f'AT#ESMTP="{MAIL_SERVER}"', None),
    (
        f"{MAIL}\nHello\x1a",
        "nobody listens at 127.0.0.1:{port}, where the route of smtp.example.com:25 leads: Connection refused",
    ),
]
BOARD: list[Step] = [
    ("AT#RSCRIPT=a.py", "no script 'a.py' is stored; stored: none: AT#WSCRIPT=\"a.py\",<size> first"),
    ("AT#DAC=1", "value is missing; enable 1 needs it"),
    ("AT#ENHRST=2", "delay is missing or 0; mode 2 needs 1 to 65535 minutes"),
    ("AT#GPIO=1,0,0", None),
    ("AT#GPIO=1,1", "pin 1 is no output: AT#GPIO=1,1,1 first"),
    ("AT#V24=0,1", "pin 0 is no general purpose pin: AT#V24CFG=0,1 first"),
    ("AT+IFC=1,2", "no flow control is 1,2; there are 0,0 0,2 1,0 2,2 1,1"),
    ("AT#TSVOL=1,1", "volume is missing; mode 1 needs it"),
    (
        'AT+CALA="14/01/01,10:00:00+00"',
        "the time 14/01/01,10:00:00+00 has passed: by the module's clock it is 14/06/01,13:00:00: "
        'AT+CCLK="<yy/MM/dd,hh:mm:ss+zz>" first',
    ),
]
CALLS: list[Step] = [
    ("AT+CHLD=0", "no call waits or is on hold"),
    ("AT+CHLD=2", "there is no call to put on hold or to take"),
    ("AT+CHLD=3", "a conference needs a call on hold and an active one"),
    ("AT+CHLD=11", "there is no call 1; calls: none"),
    ("AT+VTS=1", "no call is active"),
    ("ATDL;", "no number has been dialled before"),
    ("ATDxyz;", "'xyz' is no number: digits, *, #, A to D, with + in front at most"),
    ("ATD>nobody;", "'>nobody' names no entry of the phonebook; >1, >SM1 or >\"name\" does"),
    ("ATD1;2;", "nothing may stand behind `;` in a dial string"),
    ("AT+CCFC=0,3", "the number is missing; <mode> 3 needs it"),
    ('AT+CUSD=1,"zz",72', "the code is not written as <dcs> 72 says: it is not in hexadecimal digits"),
]
GNSS: list[Step] = [
    ("AT$GPSR=1", "the receiver is off: AT$GPSP=1 first"),
    ("AT$GPSP=1", None),
    ("AT$GPSD=0", None),
    ("AT$GPSR=1", "the module does not control the receiver: its control is 0: AT$GPSD=2 first"),
]


async def test_http_names_profile_server_and_answer() -> None:
    """And the state of the request."""
    async with TcpPeer() as peer, http_bench(peer.port) as bench:
        assert await dialogue(bench, HTTP) == HTTP


async def test_mail_names_server_and_context() -> None:
    """And where nobody listens."""
    port = free_port()
    async with email_bench(port, active=False) as bench:
        steps = [(line, reason and reason.replace("{port}", str(port))) for line, reason in SMTP]
        assert await dialogue(bench, steps) == steps


async def test_the_board_names_pins_and_values() -> None:
    """And scripts, times, flow control."""
    async with Bench("HE910") as bench:
        assert await dialogue(bench, BOARD) == BOARD


async def test_calls_name_what_there_is() -> None:
    """Calls, numbers, codes."""
    async with Bench("HE910") as bench:
        assert await dialogue(bench, CALLS) == CALLS


async def test_the_receiver_names_power_and_control() -> None:
    """On the model that can give it away."""
    async with Bench("GE864-GPS") as bench:
        await bench.command("AT$GPSP=0")
        assert await dialogue(bench, GNSS) == GNSS
