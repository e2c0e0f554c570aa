"""What a pseudo-terminal adds to the contract: terminal settings, real programs as hosts, and an idle processor."""

import asyncio
import os
import resource
import select
import selectors
import termios
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from emulator.api import VirtualModem
from emulator.errors import UserError
from emulator.line.transports.pty import PtyPort
from emulator.line.transports.pty.presence import Inotify
from emulator.modem import Modem
from emulator.options import ModemOptions
from emulator.testing.contracts.port_bench import TIMEOUT, Recorder, fill
from emulator.trace.events import HostPresence
from tests.line.benches import PtyHost


class CountingSelector(selectors.DefaultSelector):
    """Counts how often the event loop has woken up."""

    def __init__(self) -> None:
        super().__init__()
        self.wakes = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.wakes += 1
        ready: list[tuple[selectors.SelectorKey, int]] = super().select(timeout)
        return ready


@asynccontextmanager
async def open_pty() -> AsyncIterator[tuple[PtyPort, Recorder]]:
    """A port that is open, and its owner."""
    port, recorder = PtyPort(), Recorder()
    try:
        port.open(recorder)
        yield port, recorder
    finally:
        port.close()


async def run_shell(script: str, **options: Any) -> None:
    """Run a shell script as a host would, to its end."""
    shell = await asyncio.create_subprocess_exec("sh", "-c", script, **options)
    async with asyncio.timeout(TIMEOUT):
        assert await shell.wait() == 0


def settings_seen_by_a_host(port: PtyPort) -> list[Any]:
    host = PtyHost(port.name)
    try:
        return termios.tcgetattr(host.descriptor)
    finally:
        host.close()


def is_raw(settings: list[Any]) -> bool:
    input_flags, output_flags, control_flags, local_flags = settings[:4]
    return not input_flags and not output_flags and not local_flags and control_flags & termios.CSIZE == termios.CS8


def open_descriptors() -> list[str]:
    """What the descriptors of this process lead to."""
    leads_to = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            leads_to.append(str(entry.readlink()))
        except FileNotFoundError:
            continue  # the one by which the folder is listed
    return sorted(leads_to)


async def test_the_terminal_is_raw_before_anyone_opens_it() -> None:
    """The first host finds no echo, no line editing and no translation, even before the owner listens."""
    port = PtyPort()
    settings = settings_seen_by_a_host(port)
    port.close()

    assert is_raw(settings)
    assert settings[4:6] == [termios.B115200, termios.B115200]


async def test_a_terminal_left_in_line_mode_is_raw_for_the_next_host() -> None:
    """`stty sane` and an exit must not make the module hear its own answers."""
    async with open_pty() as (port, recorder):
        await run_shell(f"stty sane < {port.name}")
        await recorder.until_told("opened", "closed")
        host = PtyHost(port.name)
        assert is_raw(termios.tcgetattr(host.descriptor))

        await recorder.until_told("opened", "closed", "opened")
        port.write(b"\r\nOK\r\n")
        assert await host.receive(6) == b"\r\nOK\r\n"
        host.close()
        await recorder.until_told("opened", "closed", "opened", "closed")


async def test_a_host_that_follows_at_once_keeps_the_settings_it_made() -> None:
    """The reset between two hosts never undoes what the second has done already."""
    async with open_pty() as (port, recorder):
        first = PtyHost(port.name)
        await recorder.until_told("opened")
        first.close()
        second = PtyHost(port.name)
        wanted = termios.tcgetattr(second.descriptor)
        wanted[4] = wanted[5] = termios.B9600
        wanted[6][termios.VMIN], wanted[6][termios.VTIME] = 0, 7
        termios.tcsetattr(second.descriptor, termios.TCSANOW, wanted)
        made = termios.tcgetattr(second.descriptor)
        await recorder.until_told("opened", "closed", "opened")

        assert termios.tcgetattr(second.descriptor) == made
        second.close()


async def test_the_echo_of_a_host_that_left_is_not_taken_for_the_next_ones_words() -> None:
    """A terminal in line mode echoes the module's answers; what comes back after its host left is thrown away."""
    async with open_pty() as (port, recorder):
        recorder.on_data = lambda data: port.write(b"answer\n") if data == b"AT\n" else None
        for _ in range(50):
            recorder.told.clear()
            careless = PtyHost(port.name)
            await recorder.until_told("opened")
            settings = termios.tcgetattr(careless.descriptor)
            settings[3] = termios.ECHO | termios.ICANON
            termios.tcsetattr(careless.descriptor, termios.TCSANOW, settings)
            await careless.send(b"AT\n")
            careless.close()
            await recorder.until(lambda: recorder.told[-1] == "closed")
            recorder.told.clear()
            host = PtyHost(port.name)
            await recorder.until_told("opened")
            await host.send(b"mine")
            await recorder.until_told("opened", b"mine")
            host.close()
            await recorder.until_told("opened", b"mine", "closed")


async def test_a_long_write_of_the_host_is_taken_as_one_piece() -> None:
    """However little the kernel hands out at once; each piece costs a packet of the network, and all of it comes."""
    async with open_pty() as (port, recorder):
        pieces: list[bytes] = []
        recorder.on_data = pieces.append
        host = PtyHost(port.name)
        await recorder.until_told("opened")
        sent = bytes(range(256)) * 40
        assert len(sent) == os.write(host.descriptor, sent)
        await recorder.until(lambda: len(b"".join(pieces)) == len(sent))

        assert [sent] == pieces
        host.close()


async def test_a_shell_that_echoes_into_the_port_is_heard() -> None:
    """`echo AT > port`, by a program of its own."""
    async with open_pty() as (port, recorder):
        await run_shell(f"echo AT > {port.name}")

        await recorder.until_told("opened", b"AT\n", "closed")


async def test_hosts_in_another_thread_that_open_and_close_in_quick_turns_all_get_their_answer() -> None:
    """A test suite that opens the port anew in each test loses no command, though it shares the interpreter."""

    def dialogue(name: str) -> list[bytes]:
        answers = []
        for number in range(300):
            descriptor = os.open(name, os.O_RDWR | os.O_NOCTTY)
            termios.tcflush(descriptor, termios.TCIFLUSH)
            os.write(descriptor, b"%03d" % number)
            ready = readable(descriptor)
            answers.append(os.read(descriptor, 3) if ready else b"")
            os.close(descriptor)
        return answers

    async with open_pty() as (port, recorder):
        recorder.on_data = port.write
        answers = await asyncio.to_thread(dialogue, port.name)

        assert answers == [b"%03d" % number for number in range(300)]
        await recorder.until(lambda: recorder.told[-1] == "closed")
        assert recorder.presence == ["opened", "closed"] * (len(recorder.presence) // 2)


async def test_a_host_whose_controlling_terminal_the_port_becomes_is_one_like_others() -> None:
    """The kernel hangs the terminal up when such a host ends; the next one finds it raw all the same."""
    async with open_pty() as (port, recorder):
        for stay in (1, 2, 3):
            await run_shell(f"exec 3<>{port.name}; echo AT >&3", start_new_session=True)
            story: list[str | bytes] = ["opened", b"AT\n", "closed"]
            await recorder.until_told(*story * stay)

        assert is_raw(settings_seen_by_a_host(port))


async def test_fifty_ports_share_one_loop_and_one_watch_on_their_hosts() -> None:
    """Fifty modules answer their fifty hosts, with one inotify instance that goes with the last of them."""
    before = open_descriptors()
    ports = [PtyPort() for _ in range(50)]
    recorders = [Recorder() for _ in ports]
    for port, recorder in zip(ports, recorders, strict=True):
        recorder.on_data = port.write
        port.open(recorder)
    hosts = [PtyHost(port.name) for port in ports]
    for number, host in enumerate(hosts):
        await host.send(b"I am %02d" % number)
    answers = [await host.receive(7) for host in hosts]
    instances = sum("inotify" in name for name in open_descriptors())
    for host in hosts:
        host.close()
    for recorder in recorders:
        await recorder.until(lambda recorder=recorder: recorder.told[-1] == "closed")  # type: ignore[misc]
    for port in ports:
        port.close()

    assert answers == [b"I am %02d" % number for number in range(50)]
    assert instances == 1
    assert open_descriptors() == before


async def test_no_descriptor_is_left_by_a_port_that_was_never_opened(tmp_path: Path) -> None:
    """Closing cleans up at any stage, and so does a link that cannot be made."""
    before = open_descriptors()
    PtyPort().close()
    with pytest.raises(UserError):
        PtyPort(tmp_path / "missing" / "modem")

    assert open_descriptors() == before


def test_a_loop_that_died_with_its_ports_leaves_no_watch_behind() -> None:
    """The inotify instance of a loop that was closed under its ports goes when the next port is opened."""

    async def abandon() -> PtyPort:
        port = PtyPort()
        port.open(Recorder())
        return port

    async def count() -> int:
        async with open_pty():
            return sum("inotify" in name for name in open_descriptors())

    abandoned = asyncio.run(abandon())
    instances = asyncio.run(count())
    abandoned.close()

    assert instances == 1
    assert not any("inotify" in name for name in open_descriptors())


async def test_the_link_stands_while_the_port_does(tmp_path: Path) -> None:
    """A host may open the link; closing takes it away."""

    def links() -> list[tuple[str, str]]:
        return [(path.name, str(path.readlink())) for path in tmp_path.iterdir()]

    port, recorder = PtyPort(tmp_path / "modem"), Recorder()
    port.open(recorder)
    host = PtyHost(str(tmp_path / "modem"))
    await host.send(b"AT\r")
    await recorder.until_told("opened", b"AT\r")
    assert links() == [("modem", port.name)]

    host.close()
    port.close()
    assert links() == []


async def test_what_is_said_to_the_next_host_before_dtr_has_fallen_stays() -> None:
    """It may be the answer to what that one has typed, however long it takes to read."""
    answer = b"for the second " * 20_000
    async with open_pty() as (port, recorder):
        recorder.on_data = lambda data: port.write(answer)
        first = PtyHost(port.name)
        await recorder.until_told("opened")
        first.close()
        second = PtyHost(port.name)
        await second.send(b"second")
        await recorder.until_told("opened", b"second", "closed", "opened")

        assert answer == await second.receive(len(answer))
        second.close()
        await recorder.until_told("opened", b"second", "closed", "opened", "closed")


async def test_a_system_without_a_free_terminal_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Running out of pseudo-terminals is one line for the user."""

    def refuse() -> tuple[int, int]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "openpty", refuse)
    with pytest.raises(UserError, match="no pseudo-terminal to be had"):
        PtyPort()


async def never_a_host(port: PtyPort, recorder: Recorder) -> list[PtyHost]:
    return []


async def host_gone(port: PtyPort, recorder: Recorder) -> list[PtyHost]:
    host = PtyHost(port.name)
    await recorder.until_told("opened")
    host.close()
    await recorder.until_told("opened", "closed")
    return []


async def idle_host(port: PtyPort, recorder: Recorder) -> list[PtyHost]:
    host = PtyHost(port.name)
    await recorder.until_told("opened")
    return [host]


async def host_that_does_not_read(port: PtyPort, recorder: Recorder) -> list[PtyHost]:
    hosts = await idle_host(port, recorder)
    fill(port)
    return hosts


async def host_that_fills_a_paused_port(port: PtyPort, recorder: Recorder) -> list[PtyHost]:
    hosts = await idle_host(port, recorder)
    port.pause()
    try:
        while True:
            os.write(hosts[0].descriptor, bytes(4096))
    except BlockingIOError:
        return hosts


async def host_gone_from_a_paused_port(port: PtyPort, recorder: Recorder) -> list[PtyHost]:
    for host in await host_that_fills_a_paused_port(port, recorder):
        host.close()
    return []


async def host_gone_from_a_paused_and_congested_port(port: PtyPort, recorder: Recorder) -> list[PtyHost]:
    hosts = await host_that_fills_a_paused_port(port, recorder)
    fill(port)
    for host in hosts:
        host.close()
    await recorder.until(lambda: not port.congested)
    fill(port)
    await recorder.until(lambda: not port.congested)
    return []


@pytest.mark.parametrize(
    "arrange",
    [
        never_a_host,
        host_gone,
        idle_host,
        host_that_does_not_read,
        host_that_fills_a_paused_port,
        host_gone_from_a_paused_port,
        host_gone_from_a_paused_and_congested_port,
    ],
)
def test_an_idle_port_wakes_nobody(arrange: Callable[[PtyPort, Recorder], Awaitable[list[PtyHost]]]) -> None:
    """While nothing happens on the line the event loop sleeps, whoever holds the other end in whatever state."""
    selector = CountingSelector()

    async def run() -> int:
        port, recorder = PtyPort(), Recorder()
        port.open(recorder)
        hosts = await arrange(port, recorder)
        await asyncio.sleep(0.05)  # late news of the arrangement
        before = selector.wakes
        await asyncio.sleep(0.2)  # the time that is looked at; a spinning loop wakes thousands of times in it
        wakes = selector.wakes - before
        for host in hosts:
            host.close()
        port.close()
        return wakes

    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
        assert runner.run(run()) <= 3


async def test_the_watch_is_one_a_process() -> None:
    """The ports of all loops are watched by the same instance, which shows how many it watches."""
    ports = [PtyPort(), PtyPort()]
    for port in ports:
        port.open(Recorder())
    with VirtualModem("HE910"):
        assert "3 watches" in repr(Inotify._only)
        assert sum("inotify" in name for name in open_descriptors()) == 1

    for port in ports:
        port.close()
    assert Inotify._only is None


_ASKS = (
    'exec 3<>"$1"; printf "AT\\\\r" >&3; while read -r line <&3; do case $line in OK*) echo "$line"; exit; esac; done'
)


def test_the_watch_can_be_kept_between_modems() -> None:
    """The next modem, in another event loop, notices its host by the same instance."""
    with Inotify.kept():
        with VirtualModem("HE910"):
            first = Inotify._only
        with VirtualModem("HE910") as modem:
            assert first is Inotify._only
            assert b"OK" in modem.run(["sh", "-c", _ASKS, "sh", "{port}"]).output.encode()

    assert first is not None
    assert Inotify._only is None


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    """Let the process have as many as the machine allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def readable(descriptor: int) -> bool:
    """Wait until there is something to read; any descriptor, also one above 1023."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(TIMEOUT * 1000))


def test_many_modems_in_threads_of_their_own_hear_their_hosts(many_descriptors: None) -> None:
    """The kernel grants a user 128 inotify instances; whichever thread reads the news, it comes to the right modem."""
    with ExitStack() as running:
        modems = [running.enter_context(VirtualModem("HE910")) for _ in range(150)]
        for _ in range(3):
            hosts = [os.open(modem.port, os.O_RDWR | os.O_NOCTTY) for modem in modems]
            for number, host in enumerate(hosts):
                os.write(host, b"ATE0\rAT+CSQ\r" if number % 2 else b"ATE0\rAT+CGMM\r")
            for number, host in enumerate(hosts):
                heard = b""
                while not heard.endswith(b"\r\nOK\r\n") or heard.count(b"OK") < 2:
                    assert readable(host)
                    heard += os.read(host, 100)
                assert (b"+CSQ: " if number % 2 else b"HE910") in heard
                os.close(host)


async def test_what_a_host_has_not_read_is_gone_though_the_next_one_is_there_already() -> None:
    """The owner learns of both at once; the settings of the second one are untouched."""
    async with open_pty() as (port, recorder):
        first = PtyHost(port.name)
        await recorder.until_told("opened")
        port.write(b"for the first " * 20_000)
        assert port.congested
        first.close()
        second = PtyHost(port.name)
        await second.send(b"second")
        await recorder.until_told("opened", b"second", "closed", "opened")
        port.write(b"for the second")

        assert await second.receive(14) == b"for the second"
        second.close()
        await recorder.until_told("opened", b"second", "closed", "opened", "closed")


def test_a_real_dialogue_needs_one_wake_up_a_command() -> None:
    """A command and its answer cost the event loop one turn, with no task or timer in between."""
    selector = CountingSelector()

    async def run() -> int:
        port, recorder = PtyPort(), Recorder()
        recorder.on_data = lambda data: port.write(b"\r\nOK\r\n")
        port.open(recorder)
        await run_shell(
            f"exec 3<>{port.name}; for n in 1 2 3 4 5 6 7 8 9 10; do echo AT >&3; head -c 6 <&3; done",
            stdout=asyncio.subprocess.DEVNULL,
        )
        await recorder.until(lambda: recorder.told[-1:] == ["closed"])
        port.close()
        assert recorder.received == b"AT\n" * 10
        return selector.wakes

    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selector)) as runner:
        assert runner.run(run()) <= 10 * 3 + 10


async def answered(host: PtyHost, end: bytes) -> bytes:
    """What the modem says up to `end`."""
    heard = b""
    while not heard.endswith(end):
        heard += await host.receive(1)
    return heard


@pytest.mark.parametrize("line", [b"ATI4\r", b"AT#SGACT=1,1\r"], ids=["at once", "after a while"])
async def test_a_host_that_types_before_the_last_one_was_heard_to_the_end_is_answered(line: bytes) -> None:
    """Nothing tells whose the bytes are; a result harms neither."""
    modem = Modem(ModemOptions(firmware="HE910"))
    first = PtyHost(modem.port)
    await first.send(b'ATE0;+CGDCONT=1,"IP","apn"\r')
    await answered(first, b"OK\r\n")
    first.close()
    second = PtyHost(modem.port)
    await second.send(line)

    assert (await answered(second, b"OK\r\n")).endswith(b"\r\nOK\r\n")
    await second.send(b"AT\r")
    assert b"\r\nOK\r\n" == await answered(second, b"OK\r\n")
    second.close()
    modem.close()


@pytest.mark.parametrize("line", [b"AT#SSLSECDATA=1,1,1,500\r", b"AT+CMGS=1234\r", b"half a line"])
async def test_no_prompt_of_the_last_host_catches_the_one_that_follows_at_once(line: bytes) -> None:
    """Nor does half a line; what it hears of the other one is a result at most."""
    modem = Modem(ModemOptions(firmware="HE910"))
    first = PtyHost(modem.port)
    await first.send(b"ATE0;#SSLEN=1,1;+CMGF=1\r")
    await answered(first, b"OK\r\n")
    await first.send(line)
    first.close()
    second = PtyHost(modem.port)
    presences: list[bool] = []
    modem.trace.subscribe(lambda _, event: presences.extend([event.present] if isinstance(event, HostPresence) else []))
    async with asyncio.timeout(30):
        while presences != [False, True]:  # noqa: ASYNC110  the trace wakes nobody
            await asyncio.sleep(0)
    await second.send(b"AT\r")

    assert b"\r\nOK\r\n" == (await answered(second, b"OK\r\n"))[-6:]
    await second.send(b"ATI4\r")
    assert b"\r\nHE910\r\n\r\nOK\r\n" == (await answered(second, b"OK\r\n"))
    second.close()
    modem.close()
