"""Command lines on every firmware line: each gets one final result, and no nonsense is OK."""

import re
from collections.abc import Mapping
from random import Random

from emulator.at.syntax import Form
from emulator.bench import Bench
from fuzzing.answers import begins_with, finals, is_accepted, is_refused_as_out_of_range, rows
from fuzzing.case import Case, Finding, Step
from fuzzing.declarations import LINES, commands
from fuzzing.host import first_defect
from fuzzing.isolation import run_alone
from fuzzing.lines import HOST, make_line
from fuzzing.oracle import NO_SUCH_COMMAND, Verdict, judge_line

_NAME = re.compile(r"AT([+#]?[A-Z0-9&]+)", re.IGNORECASE)
_SETTINGS = (
    "", '+CGDCONT=1,"IP","apn"', "#SGACT=1,1", "#SSLEN=1,1", "#SSLEN=2,1", "+CMGF=1", "+CMGF=0", "#SSLSECCFG=1,0,0",
)  # fmt: skip
_UNANSWERED_CALL = 100.0
"""Seconds after which a data call whose host says nothing has ended, online or suspended."""
_BOOT = 20.0
"""Seconds after which a module that was restarted is there again."""
_ONE_ANSWER = re.compile(r"AT *([+#]|S *[0-9]).*|AT *([XLM]|&[CDKS]|\\[QRV]) *[0-9]+ *", re.IGNORECASE | re.DOTALL)
_NEEDS_CARE = re.compile(r"CFUN|AT *I|; *[A-Z&\\%]", re.IGNORECASE)
"""Lines that restart the module, that have OK as information, or that may change the form of answers behind a `;`."""
_WAITS = (0.0, 1.0, 10.0, 100.0, 700.0, 4000.0)
"""Seconds until the module must have answered, one after the other; #PING waits longest."""
_SHOWS_SOMETHING_ELSE: Mapping[str, str] = {
    "#ADC": "the voltages",
    "#GGPI": "the level, too",
    "#GSMAD": "the mode, which a query leaves as it is",
    "#MSCLASS": "the class alone",
    "#QTEMP": "the temperature",
    "#RSEN": "whether a card is connected",
    "#RTCSTAT": "the clock's state",
    "#SRS": "whether a sound is played",
    "#STIA": "the state of the menu first",
    "#STSR": "what waits for a response",
    "#STGI": "what waits for a response",
    "#TSVOL": "each class of a sum",
    "#VAUX": "the state alone",
    "#WAKE": "whether the module is in alarm mode",
    "+CAOC": "the mode, which a query leaves as it is",
    "#GPIO": "direction and level of each pin",
    "#PKTSZ": "for 0 the size that the module chooses",
    "#SL": "the sockets that listen",
    "#SLUDP": "the sockets that listen",
    "#SKTL": "what it listened to, after a stop",
    "#TEMPMON": "the report alone",
    "#SGACT": "every context that is defined",
    "#SSLSECDATA": "what is stored",
    "+CGQMIN": "nothing of a context whose number alone was given",
    "+CGQREQ": "nothing of a context whose number alone was given",
    "+CGEQMIN": "nothing of a context whose number alone was given",
    "+CGEQREQ": "nothing of a context whose number alone was given",
    "+CFUN": "the level alone",
    "+CUSD": "the report, which a cancel leaves as it is",
    "+CGACT": "every context that is defined",
    "+CIND": "the indicators themselves",
}
"""Commands whose read form shows something else than what was set."""
_CHANGES_BY_ITSELF = frozenset({"+CCLK"})
"""Commands whose read form shows what goes on."""
_REFUSED_FOR_OTHER_REASONS: Mapping[str, str] = {
    "#DAC": "an output that is on without its value",
    "#TSVOL": "a volume where none goes, or none where one goes",
    "#V24": "a pin that is no general purpose output",
    "+CALA": "a time that there is not",
    "+CPUC": "a price that the card cannot keep",
    "#CSURV": "a first channel after the last one",
    "#CSURVC": "a first channel after the last one",
    "#SSLSECDATA": "a DER entry without its size",
    "#FRWL": "a rule without its address",
    "+CCFC": "a registration without its number",
    "+CLCK": "a barring of calls, or a lock without its password",
    "+CMGW": "a PDU without its length",
    "+CPMS": "a memory that #SMSMODE=1 takes away",
    "+CPBR": "a first index after the last one",
    "+CPBW": "neither an index nor a number",
    "+CPOL": "neither a place, nor a form, nor a network",
    "+CRSM": "no file, or no part of it",
    "+CSCA": "neither a number nor its type",
    "+CSIM": "an instruction of another length",
    "+CSMP": "a time that there is not",
    "+IFC": "kinds of flow control that do not go together",
}
"""Commands that refuse values in range, with the reason."""


class Grammar:
    """Type command lines into a module that has nobody to talk to."""

    name = "grammar"
    summary = "command lines on every firmware line"
    weight = 0.55

    def make(self, dice: Random) -> Case:
        """Make a dialogue of some settings and many lines."""
        firmware = dice.choice(LINES)
        known = commands(firmware)
        settings = [setting for setting in _SETTINGS if dice.random() < 0.6]
        lines = [make_line(dice, known) for _ in range(60)]
        steps = [Step("line", f"AT{setting}") for setting in settings] + [Step("line", line) for line in lines]
        return Case(self.name, tuple(steps), {"firmware": firmware})

    def inputs(self, case: Case) -> int:
        return len(case.steps)

    def play(self, case: Case) -> Finding | None:
        finding, uncaught = run_alone(_Dialogue(case).play())
        return finding or (Finding("uncaught", uncaught[0]) if uncaught else None)


class _Dialogue:
    """One host at one module."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._commands = commands(case.setting["firmware"])

    async def play(self) -> Finding | None:
        async with Bench(self._case.setting["firmware"], routes={HOST: "127.0.0.1:1"}) as bench:
            await bench.command("AT+CMEE=2")
            for step in self._case.steps:
                if (finding := await self._say(bench, step.argument)) is not None:
                    return finding
            return await self._last_words(bench)

    async def _say(self, bench: Bench, line: str) -> Finding | None:
        """Type one line, and judge what comes."""
        before = await self._shown(bench, line)
        bench.read()
        bench.send(f"{line}\r")
        heard = await _answer(bench)
        if (defect := first_defect(bench)) is not None:
            return Finding(f"defect {_name(line)}", f"{line!r}: {defect}")
        found = finals(heard)
        if not _has_one_answer(line):
            await _return_to_commands(bench, found[-1] if found else "")
            await _restore(bench)
            return None
        while found[1:] and found[-1] == "NO CARRIER":
            found.pop()  # unsolicited: the line has ended a connection
        if len(found) != 1:
            return Finding("final results", f"{line!r} is answered by {len(found)} of them: {heard!r}")
        if (finding := self._judge(line, found[0])) is not None:
            return finding
        if found[0] == "OK" and (finding := await self._is_kept(bench, line)) is not None:
            return finding
        await _return_to_commands(bench, found[0])
        if not is_accepted(found[0]) and before is not None and before != (after := await self._shown(bench, line)):
            return Finding(
                f"refused and changed {_name(line)}", f"{line!r} is refused, and has changed {before!r} to {after!r}"
            )
        return None

    def _judge(self, line: str, final: str) -> Finding | None:
        verdict, why = judge_line(line, self._commands)
        if verdict is Verdict.REFUSED and (final == "OK" or (is_accepted(final) and ";" not in line)):
            return Finding(f"OK to nonsense {_name(line)}", f"{line!r} is answered by {final!r}, and {why}")
        if verdict is Verdict.REFUSED and why.startswith(NO_SUCH_COMMAND) and ";" not in line and final != "ERROR":
            return Finding(f"cause of an unknown command {_name(line)}", f"{line!r} is answered by {final!r}")
        if verdict is Verdict.IN_RANGE and is_refused_as_out_of_range(final) and not _may_refuse(line):
            return Finding(f"range refused {_name(line)}", f"{line!r} is answered by {final!r}, and {why}")
        return None

    async def _is_kept(self, bench: Bench, line: str) -> Finding | None:
        """Compare the numbers that a line has set with what the read form shows."""
        name, _, text = line[2:].replace(" ", "").partition("=")
        written = text.split(",")
        command = self._commands.get(name.upper())
        if command is None or not command.takes_numbers_alone or command.name in _SHOWS_SOMETHING_ELSE:
            return None
        if not all(map(str.isdecimal, written)):
            return None
        shown = await self._shown(bench, line.replace(" ", ""))
        if shown is None or finals(shown) != ["OK"] or any(begins_with(row, written) for row in rows(shown)):
            return None
        return Finding(f"not kept {_name(line)}", f"{line!r} is OK, and {shown!r} is shown")

    async def _shown(self, bench: Bench, line: str) -> str | None:
        """Return what the read form of a line's command shows; None where there is none that stays as it is."""
        name, sign, _ = line[2:].partition("=")
        command = self._commands.get(name.upper())
        if (
            not sign
            or ";" in line
            or name[:1] not in "+#"
            or command is None
            or Form.READ not in command.forms
            or command.name in _CHANGES_BY_ITSELF
        ):
            return None
        bench.send(f"AT{name}?\r")
        return await _answer(bench)

    async def _last_words(self, bench: Bench) -> Finding | None:
        bench.read()
        bench.send("AT\r")
        heard = await _answer(bench)
        if finals(heard) != ["OK"]:
            return Finding("no OK in the end", f"AT is answered by {heard!r}")
        return None


def _has_one_answer(line: str) -> bool:
    """Return whether the form of answers stays, so that each has one final result."""
    return _ONE_ANSWER.fullmatch(line) is not None and _NEEDS_CARE.search(line) is None


async def _restore(bench: Bench) -> None:
    """Let a restarted module boot, and let answers be as the oracle reads them."""
    await bench.advance(_BOOT)
    bench.send("\rATE0V1Q0X4&K0+CMEE=2\r")
    await _answer(bench)


async def _answer(bench: Bench) -> str:
    heard = ""
    for wait in _WAITS:
        if wait:
            await bench.advance(wait)
        heard += bench.read()
        if finals(heard):
            break
    return heard


async def _return_to_commands(bench: Bench, final: str) -> None:
    """Leave the prompt or data mode that a line has led to."""
    if final == "> ":
        for entry in ("\x1b", "x" * 3000 + "\x1a", "\r"):
            bench.send(entry)
            if finals(await _answer(bench)):
                break
    elif final == "CONNECT":
        await bench.advance(2)
        bench.send("+++")
        await bench.advance(_UNANSWERED_CALL)
        bench.read()


def _may_refuse(line: str) -> bool:
    return _name(line) in _REFUSED_FOR_OTHER_REASONS


def _name(line: str) -> str:
    """Return the name that a line begins with, to tell findings apart."""
    match = _NAME.match(line.replace(" ", ""))
    return match[1].upper() if match else "?"
