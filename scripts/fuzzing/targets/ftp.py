"""An FTP server that replies anything, to every FTP command in both modes."""

import asyncio
from random import Random

from emulator.bench import Bench
from fuzzing.answers import finals
from fuzzing.case import Case, Finding, Step
from fuzzing.declarations import LINES
from fuzzing.ftp_server import DATA_WAYS, HANG_UP, RESET, SILENCE, OddFtpServer
from fuzzing.host import first_defect, wants_an_answer
from fuzzing.isolation import run_alone

_LINES = (
    "#FTPPWD", "#FTPCWD=a", "#FTPDELE=a", "#FTPFSIZE=a", "#FTPTYPE=1", "#FTPTYPE=0", "#FTPREST=5", "#FTPGET=a",
    "#FTPGET=a", "#FTPLIST", "#FTPPUT=b", "#FTPAPP=b", "#FTPPUT=b,1", "#FTPAPP=b,1", "#FTPAPPEXT=3", "#FTPAPPEXT=3,1",
    "#FTPGETPKT=a", "#FTPGETPKT=a,1", "#FTPGETPKT?", "#FTPRECV=1000", "#FTPRECV=3000", "#FTPRECV?", "#FTPMSG",
    "#FTPCLOSE", "#FTPCFG=100,0,0", "#FTPCFG=100,1,0", "#FTPCFG=100,0,1", "#SGACT=1,0", "#SGACT=1,1",
)  # fmt: skip
_VERBS = [
    "HELLO",
    "USER",
    "PASS",
    "TYPE",
    "PWD",
    "CWD",
    "SIZE",
    "DELE",
    "REST",
    "PASV",
    "PORT",
    "RETR",
    "LIST",
    "STOR",
    "APPE",
    "QUIT",
    "AUTH",
    "PBSZ",
    "PROT",
    "done",
]
_CODES = (
    100,
    110,
    125,
    150,
    200,
    213,
    220,
    226,
    227,
    230,
    234,
    250,
    257,
    331,
    350,
    421,
    425,
    426,
    450,
    500,
    530,
    550,
    999,
)
_PASSIVE = (
    "227 here (127,0,0,1,0,9)", "227 (999,0,0,1,1,1)", "227 (010,0,0,1,1,1)", "227 (1,2,3)", "227 (127,0,0,1,999,999)",
    "227 (127,0,0,1,0,0)", "227 127,0,0,1,1,1", "227 =127,0,0,1,1,1", "227 (127, 0, 0, 1, 1, 1)", "227 (-1,0,0,1,1,1)",
    "227 (0,0,0,0,1,1)", "227 (255,255,255,255,1,1)", "227 ((127,0,0,1,4,4,4))", "227 (127.0.0.1,4,4)", "229 (|||9|)",
    "227 (\xb2\xb2,0,0,1,1,1)",
)  # fmt: skip
_TEXTS = (
    "",
    " ",
    " fine",
    "-more",
    "-a\r\n{0} b",
    "-a\r\nb\r\n{0}",
    " " + "x" * 5000,
    "\x00\xff",
    "-",
    '"a""b"',
    " a\nb\rc",
)


class Ftp:
    """Talk to an FTP server that replies at random: each command gets its one result in time."""

    name = "ftp"
    summary = "replies, passive addresses and data connections of an FTP server"
    weight = 0.05

    def make(self, dice: Random) -> Case:
        steps: list[Step] = []
        for _ in range(15):
            chance = dice.random()
            if chance < 0.35:
                steps.append(Step("reply", [dice.choice(_VERBS), self._reply(dice)]))
            elif chance < 0.45:
                steps.append(Step("data", dice.choice(DATA_WAYS)))
            elif chance < 0.5:
                steps.append(Step("says", self._reply(dice)))
            elif chance < 0.6:
                steps.append(Step("right replies"))
            if dice.random() < 0.3:
                steps.append(Step("line", f"AT#FTPOPEN=ftp.lab,a,b,{dice.choice([0, 1])}"))
            steps.append(Step("line", f"AT{dice.choice(_LINES)}"))
        return Case(self.name, tuple(steps), {"firmware": dice.choice(LINES)})

    def _reply(self, dice: Random) -> str:
        chance = dice.random()
        if chance < 0.15:
            return dice.choice([SILENCE, HANG_UP, RESET])
        if chance < 0.35:
            return dice.choice(_PASSIVE)
        if chance < 0.4:
            return "".join(chr(dice.randrange(256)) for _ in range(dice.choice([0, 3, 30])))
        code = str(dice.choice(_CODES))
        return code + dice.choice(_TEXTS).format(code)

    def inputs(self, case: Case) -> int:
        return len(case.steps)

    def play(self, case: Case) -> Finding | None:
        finding, uncaught = run_alone(_talk(case))
        return finding or (Finding("uncaught", uncaught[0]) if uncaught else None)


async def _talk(case: Case) -> Finding | None:
    async with (
        OddFtpServer() as server,
        Bench(case.setting["firmware"], routes={"ftp.lab": server.address}) as bench,
    ):
        for line in ("AT+CMEE=1", 'AT+CGDCONT=1,"IP","apn"', "AT#SGACT=1,1"):
            await bench.command(line)
        for step in case.steps:
            match step.verb:
                case "line":
                    if (finding := await _give(bench, step.argument)) is not None:
                        return finding
                case "reply":
                    verb, reply = step.argument
                    server.replies[verb] = reply
                case "right replies":
                    server.replies.clear()
                case "data":
                    server.data_way = step.argument
                case "says":
                    server.say(step.argument)
        return await wants_an_answer(bench)


async def _give(bench: Bench, line: str) -> Finding | None:
    """Type a line, and do what it asks for, up to its last result."""
    bench.read()
    bench.send(f"{line}\r")
    heard = await _until_final(bench)
    if heard.endswith("\r\n> "):
        bench.send("123")
        heard = await _until_final(bench)
    if "\r\nCONNECT\r\n" in heard and not heard.endswith("NO CARRIER\r\n"):
        if "PUT" in line or "APP" in line:
            bench.send(bytes(5000))
        await bench.advance(1.1)
        bench.send("+++")
        heard = await _until_final(bench, "NO CARRIER\r\n")
    if (defect := first_defect(bench)) is not None:
        return Finding("defect", f"{line}: {defect}")
    if not finals(heard):
        return Finding("no answer", f"{line}: {heard!r}")
    return None


async def _until_final(bench: Bench, end: str = "") -> str:
    heard = ""
    for turn in range(500):
        heard += bench.read()
        if heard.endswith(end) if end else finals(heard):
            break
        await asyncio.sleep(0 if turn < 30 else 0.001)
        await bench.advance(0.0 if turn < 10 else 1.1)
    return heard
