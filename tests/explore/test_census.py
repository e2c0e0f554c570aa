"""The census of a healthy run: every place that the run passes, under the address by which a rule finds it again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from emulator.faults.catalogue import make
from emulator.faults.census import Census, Passed
from emulator.faults.fault import DialFault, Fault, NameFault, Place
from emulator.lab import Lab
from emulator.testing import Bench
from emulator.trace.events import Event
from emulator.trace.events import Fault as FaultEvent
from tests.explore.conversation import conversation, enter


class Looked(DialFault, frozen=True, kw_only=True):
    """Nothing happens to a dial."""

    async def dial(self, host: str) -> None:
        pass


class Named(NameFault, frozen=True, kw_only=True):
    """Nothing happens to a name."""

    async def dial(self, host: str) -> None:
        pass


def address(passed: Passed) -> dict[str, Any]:
    return {"command": passed.command, "occurrence": passed.occurrence, "terminal": passed.terminal}


def harmless(passed: Passed) -> Iterator[Fault]:
    """Yield faults that change nothing, at the place: at a byte of it, at each message."""
    where = address(passed)
    match passed.place:
        case Place.NAME:
            yield Named(**where)
        case Place.DIAL:
            yield Looked(**where)
        case Place.ACTIVATION:
            yield make("activation-late", {"duration": 0, **where})
        case Place.HANDSHAKE:
            for number in range(1, len(passed.messages) + 1):
                yield make("signal", {"at": "handshake", "message": number, "rssi": 20, **where})
        case Place.COMMAND:
            yield make("signal", {"rssi": 20, **where})
        case Place.WRITE:
            pass  # what can happen there is not harmless
        case Place.ENTRY | Place.SENT if passed.size:
            yield make("signal", {"at": passed.place.value, "byte": passed.size, "rssi": 20, **where})
        case Place.ANSWER | Place.RECEIVED if passed.size:  # how long these are depends on who was quick
            yield make("signal", {"at": passed.place.value, "byte": min(4, passed.size), "rssi": 20, **where})


@dataclass
class Run:
    """One run with a rule at some places, and the census of it."""

    census: Census = field(default_factory=Census)
    fired: dict[int, list[int]] = field(default_factory=dict)
    """By rule, how many commands had begun when it fired."""
    never: list[str] = field(default_factory=list)

    def read(self, now: float, event: Event) -> None:
        if isinstance(event, FaultEvent):
            number = int(event.rule.partition(":")[0])
            self.fired.setdefault(number, []).append(len(self.census.at(Place.COMMAND)))


async def run(faults: Sequence[Fault] = ()) -> Run:
    done = Run()
    with Lab() as lab:
        async with Bench(routes=lab.routes, ports=2, readers=[done.read]) as bench:
            done.census = bench.modem.faults.take_census()
            rules = [bench.modem.faults.put(fault) for fault in faults]
            await conversation(bench)
            done.never = [str(rule) for rule in rules if rule.fired != 1]
    return done


async def test_a_rule_at_each_place_fires_there_and_nowhere_else() -> None:
    """Each once, at its command; on a connection later, where its byte passes."""
    healthy = await run()
    placed = [(passed, fault) for passed in healthy.census.passed for fault in harmless(passed)]

    again = await run([fault for _, fault in placed])

    assert [] == again.never
    begun = 0
    at_command = {}
    for passed in healthy.census.passed:
        begun += passed.place is Place.COMMAND
        at_command[id(passed)] = begun
    late = (Place.SENT, Place.RECEIVED)
    strict = {number: passed for number, (passed, _) in enumerate(placed, 1) if passed.place not in late}
    assert {number: [at_command[id(passed)]] for number, passed in strict.items()} == {
        number: times for number, times in again.fired.items() if number in strict
    }
    assert {place for place in Place if place not in (Place.TIME, Place.TYPED, Place.RESULT)} == {
        passed.place for passed in healthy.census.passed
    }


async def test_a_rule_finds_the_write_that_was_noted() -> None:
    """By its number among those of the command; the writes before it are left alone."""
    async with Bench() as bench:
        census = bench.modem.faults.take_census()
        for cid in (1, 2):
            await bench.command(f'AT+CGDCONT={cid},"IP","x"')
        *_, last = census.at(Place.WRITE)

    async with Bench() as bench:
        rule = bench.modem.faults.add("reboot", at="write", **address(last))
        assert "\r\nOK\r\n" == await bench.command('AT+CGDCONT=1,"IP","x"')
        bench.send('AT+CGDCONT=2,"IP","x"\r')
        assert (1, "") == (rule.fired, bench.read())


async def test_occurrences_count_as_a_rule_does() -> None:
    """A name alone means every form but the test, a form means itself."""
    async with Bench() as bench:
        census = bench.modem.faults.take_census()
        for line in ("AT#SI=1", "AT#SI", "AT#SI=?", "AT#SI=2", "AT#SI"):
            await bench.command(line)

    noted = [(passed.command, passed.occurrence) for passed in census.at(Place.COMMAND)]
    assert [("#SI=", 1), ("#SI", 2), ("#SI=?", 1), ("#SI=", 2), ("#SI", 4)] == noted


async def test_an_answer_is_noted_without_the_echo_of_its_command() -> None:
    """As `byte` counts it; an entry without what comes behind it."""
    async with Bench(echo=True) as bench:
        census = bench.modem.faults.take_census()
        await bench.command("AT+CMGF=1")
        await enter(bench, 'AT+CMGS="+39123"', b"hi\x1a")
        await bench.command("AT+CSQ")

    first, second, third = census.at(Place.ANSWER)
    assert (b"\r\nOK\r\n" + b'AT+CMGS="+39123"\r', len(first.data)) == (first.data, first.size)
    assert second.data.startswith(b"\r\n> hi")
    assert third.data.startswith(b"\r\n+CSQ: ")
    assert [3] == [entry.size for entry in census.at(Place.ENTRY)]


async def test_the_situation_is_noted_before_and_after_each_answer() -> None:
    """What is enabled, and which connections there are: it says what the module could report by itself."""
    with Lab() as lab:
        async with Bench(routes=lab.routes) as bench:
            census = bench.modem.faults.take_census()
            for line in ("AT+CREG=1", 'AT+CGDCONT=1,"IP","x"', "AT#SGACT=1,1", 'AT#SD=1,0,7,"echo.lab",0,0,1'):
                await bench.command(line)

    enabling, _, activating, dialling = census.at(Place.ANSWER)
    assert enabling.before is not None and enabling.after is not None
    assert (0, 1) == (enabling.before.settings["+CREG"], enabling.after.settings["+CREG"])
    assert activating.before is not None and activating.after is not None
    assert ((), (1,)) == (activating.before.contexts, activating.after.contexts)
    assert dialling.before is not None and dialling.after is not None
    assert ((), [1]) == (dialling.before.sockets, [socket.number for socket in dialling.after.sockets])
    assert census.device.firmware == "HE910@12.00.004"
