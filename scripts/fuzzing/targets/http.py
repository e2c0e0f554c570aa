"""An HTTP server that answers anything, to every HTTP command."""

import asyncio
import re
from collections.abc import Callable
from random import Random

from emulator.bench import Bench
from fuzzing.answers import finals
from fuzzing.case import Case, Finding, Step
from fuzzing.ftp_server import HANG_UP, RESET, SILENCE
from fuzzing.host import first_defect, wants_an_answer
from fuzzing.http_server import OddHttpServer
from fuzzing.isolation import run_alone

_FIRMWARES = "GE910-QUAD", "GL865-QUAD-V3", "HE910"
"""A firmware of each line that has HTTP."""
_TIMEOUT = 20
_LINES = (
    "#HTTPRCV=0", "#HTTPRCV=0", "#HTTPRCV=0,64", "#HTTPRCV=0,1500", "#HTTPRCV=1", "#HTTPCFG=0,http.lab",
    f'#HTTPCFG=0,http.lab,80,1,"a:b","c",0,{_TIMEOUT},1,1', f"#HTTPCFG=0,http.lab,80,0,,,0,{_TIMEOUT},1,1500",
    "#HTTPCFG?", "#SGACT=1,0", "#SGACT=1,1",
)  # fmt: skip
_RESOURCES = ("/", "", "/a?b=c", "http://http.lab/", "/a b", "/\xe4", "\x7f")
_HEADERS = ("", ',"X: y"', ',"Host: a"', ',"Content-Length: 1"', ',":"', ',"X"', ',"X:\x01"', ',"\xe4: y"')
_STATUS = (
    "HTTP/1.1 200 OK",
    "HTTP/1.0 200 OK",
    "HTTP/1.1 404 Not Found",
    "HTTP/1.1 204 No Content",
    "HTTP/1.1 304 No",
    "HTTP/1.1 100 Continue",
    "HTTP/1.1 101 Switching",
    "HTTP/1.1 999 ?",
    "HTTP/1.1 099 ?",
    "HTTP/2 200",
    "HTTP/1.1 2",
    "HTTP/1.1 200",
    "SSH-2.0-a",
    "",
    "\0",
    "HTTP/1.1 200 \xe4",
)
_FIELDS = (
    "Content-Length: 5",
    "Content-Length: 0",
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Content-Length: 5, 5",
    "Content-Length: 5, 6",
    "Content-Length: 3000",
    "Content-Length: x",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip",
    "Content-Type: text/plain;charset=UTF-8",
    'Content-Type: a"b',
    "Content-Type: \xe4",
    "Content-Type:",
    "Connection: keep-alive",
    "Connection: close",
    "X: " + "y" * 20000,
    " folded",
    "no field",
    ": none",
    "Upgrade: a",
)
_BODIES = (
    "",
    "Hello",
    "x" * 3000,
    "5\r\nHello\r\n0\r\n\r\n",
    "5\r\nHel",
    "5;a=b\r\nHello\r\n0\r\nX: y\r\n\r\n",
    "fffffffff\r\nx",
    "-5\r\nHello\r\n",
    "0\r\n\r\n",
    "zz\r\n",
    "1\r\na\r\n" * 300,
    "\r\nOK\r\n",
    "\0\xff\x1a",
)
_RING = re.compile('\r\n#HTTPRING: [01],[0-9]+,"[^\r\n]*",[0-9]+\r\n')


class Http:
    """Talk to an HTTP server that answers at random: each command gets its one result, each request its one URC."""

    name = "http"
    summary = "heads, sizes, chunks and ends of an HTTP server"
    weight = 0.05

    def make(self, dice: Random) -> Case:
        steps: list[Step] = []
        for _ in range(12):
            if dice.random() < 0.6:
                steps.append(Step("answer", _cut(dice, _answer(dice))))
                steps.append(Step("end", dice.choice([SILENCE, HANG_UP, HANG_UP, RESET])))
            steps.append(Step("line", f"AT{_request(dice) if dice.random() < 0.5 else dice.choice(_LINES)}"))
        return Case(self.name, tuple(steps), {"firmware": dice.choice(_FIRMWARES)})

    def inputs(self, case: Case) -> int:
        return len(case.steps)

    def play(self, case: Case) -> Finding | None:
        finding, uncaught = run_alone(_talk(case))
        return finding or (Finding("uncaught", uncaught[0]) if uncaught else None)


def _request(dice: Random) -> str:
    resource, header = dice.choice(_RESOURCES), dice.choice(_HEADERS)
    if dice.random() < 0.6:
        return f'#HTTPQRY=0,{dice.choice([0, 0, 1, 2])},"{resource}"{header}'
    content = dice.choice(["", ",0", ",3", ',"0:x"', ',"a/b"', ',"\x01"'])
    return f'#HTTPSND=0,{dice.choice([0, 1])},"{resource}",3{content}{header if content else ""}'


def _answer(dice: Random) -> str:
    if dice.random() < 0.1:
        return "".join(chr(dice.randrange(256)) for _ in range(dice.choice([1, 30, 3000])))
    status = _STATUS[0] if dice.random() < 0.6 else dice.choice(_STATUS)
    fields = [dice.choice(_FIELDS) for _ in range(dice.choice([0, 1, 1, 2, 3]))]
    line_end = "\r\n" if dice.random() < 0.9 else "\n"
    return line_end.join([status, *fields, "", ""]) + dice.choice(_BODIES)


def _cut(dice: Random, answer: str) -> list[str]:
    """Cut an answer at random, and leave out its end now and then."""
    if dice.random() < 0.1:
        answer = answer[: dice.randrange(len(answer) + 1)]
    places = sorted({0, *(dice.randrange(len(answer) + 1) for _ in range(dice.choice([0, 1, 4])))})
    return [answer[start:end] for start, end in zip(places, [*places[1:], len(answer)], strict=True)]


async def _talk(case: Case) -> Finding | None:
    async with (
        OddHttpServer() as server,
        Bench(case.setting["firmware"], routes={"http.lab": server.address}) as bench,
    ):
        ready = ("AT+CMEE=1", 'AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1", f"AT#HTTPCFG=0,http.lab,80,0,,,0,{_TIMEOUT}")
        for line in ready:
            await bench.command(line)
        for step in case.steps:
            match step.verb:
                case "line":
                    if (finding := await _give(bench, step.argument)) is not None:
                        return finding
                case "answer":
                    server.pieces = step.argument
                case "end":
                    server.end = step.argument
        return await wants_an_answer(bench)


async def _give(bench: Bench, line: str) -> Finding | None:
    """Type a line, and do what it asks for, up to its last result and the URC of a request."""
    bench.read()
    bench.send(f"{line}\r")
    heard = await _until(bench, finals)
    if heard.endswith("\r\n>>>"):
        bench.send("123")
        heard = await _until(bench, finals)
    if line.startswith(("AT#HTTPQRY", "AT#HTTPSND")) and finals(heard)[:1] == ["OK"]:
        heard += await _until(bench, _RING.findall, heard)
        if len(_RING.findall(heard)) != 1:
            return Finding("no one URC", f"{line}: {heard!r}")
    if (defect := first_defect(bench)) is not None:
        return Finding("defect", f"{line}: {defect}")
    if not finals(heard):
        return Finding("no answer", f"{line}: {heard!r}")
    return None


async def _until(bench: Bench, found: Callable[[str], object], before: str = "") -> str:
    """Read until something is found in what has been heard, at most for a minute; return what was new."""
    heard = ""
    for turn in range(60):
        heard += bench.read()
        if found(before + heard):
            break
        await asyncio.sleep(0 if turn < 30 else 0.001)
        await bench.advance(0.0 if turn < 10 else 1.1)
    return heard
