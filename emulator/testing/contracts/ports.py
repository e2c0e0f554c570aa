"""Contract of ports: what each one promises its owner and its hosts. It needs pytest and pytest-asyncio.

Test a transport of your own by a subclass::

    class TestMyPort(PortContract):
        @pytest.fixture
        def bench(self) -> PortBench:
            return MyBench()
"""

import asyncio

import pytest

from emulator.line.serial.port import HIGH_MARK
from emulator.testing.contracts.port_bench import (
    EVERY_BYTE,
    MEGABYTE,
    PortBench,
    Recorder,
    fill,
    open_port,
    turns_of_the_loop,
    until_writable,
)


@pytest.mark.asyncio
class PortContract:
    """Subclass it and give the bench by a fixture."""

    @pytest.fixture
    def bench(self) -> PortBench:
        """Return the bench whose ports are tested."""
        raise NotImplementedError("a contract is tried with ports: override the fixture `bench`")

    async def test_a_host_is_reported_when_it_opens_the_port_and_when_it_closes_it(self, bench: PortBench) -> None:
        """Each host's stay begins with host_opened and ends with host_closed."""
        async with open_port(bench) as (port, recorder):
            for stay in (1, 2):
                host = bench.host(port)
                await recorder.until_told(*["opened", "closed"] * (stay - 1), "opened")
                host.close()
                await recorder.until_told(*["opened", "closed"] * stay)

    async def test_a_host_that_came_before_the_owner_is_reported_to_it(self, bench: PortBench) -> None:
        """Opening the port late loses neither the host nor what it sent."""
        port, recorder = bench.port(), Recorder()
        host = bench.host(port)
        await host.send(b"AT\r")
        port.open(recorder)

        await recorder.until_told("opened", b"AT\r")
        port.write(b"OK")
        assert await host.receive(2) == b"OK"
        host.close()
        await recorder.until_told("opened", b"AT\r", "closed")
        port.close()

    async def test_every_byte_value_passes_unchanged_both_ways(self, bench: PortBench) -> None:
        """Nothing is echoed, translated, or taken for a control character."""
        async with open_port(bench) as (port, recorder):
            host = bench.host(port)
            await host.send(EVERY_BYTE)
            await recorder.until_told("opened", EVERY_BYTE)
            port.write(EVERY_BYTE)

            assert await host.receive(256) == EVERY_BYTE
            host.close()
            await recorder.until_told("opened", EVERY_BYTE, "closed")

    async def test_a_megabyte_reaches_an_owner_that_pauses_after_every_piece(self, bench: PortBench) -> None:
        """Pausing and resuming loses, doubles and reorders nothing."""
        async with open_port(bench) as (port, recorder):

            def pause_for_a_moment(_data: bytes) -> None:
                port.pause()
                asyncio.get_running_loop().call_soon(port.resume)

            recorder.on_data = pause_for_a_moment
            host = bench.host(port)
            await host.send(MEGABYTE)
            await recorder.until(lambda: len(recorder.received) >= len(MEGABYTE))

            assert recorder.told[1] == MEGABYTE

    async def test_a_megabyte_reaches_a_host_that_reads_in_small_pieces(self, bench: PortBench) -> None:
        """The owner is held back by `congested`, let go by `writable`, and every byte comes in order."""
        async with open_port(bench) as (port, recorder):
            host = bench.host(port)
            await recorder.until_told("opened")

            async def write_all() -> None:
                for start in range(0, len(MEGABYTE), 10_000):
                    await until_writable(port, recorder)
                    port.write(MEGABYTE[start : start + 10_000])

            writing = asyncio.create_task(write_all())
            received = b""
            while len(received) < len(MEGABYTE):
                received += await host.receive(min(1777, len(MEGABYTE) - len(received)))
            await writing

            assert received == MEGABYTE
            assert recorder.congestion_ended > 1
            assert port.congested is False

    async def test_one_write_of_a_megabyte_blocks_nobody(self, bench: PortBench) -> None:
        """A write far above the mark returns at once, and its bytes go out as the host takes them."""
        async with open_port(bench) as (port, recorder):
            host = bench.host(port)
            await recorder.until_told("opened")
            port.write(MEGABYTE)
            port.write(b"end")

            assert port.congested is True
            assert await host.receive(len(MEGABYTE) + 3) == MEGABYTE + b"end"
            await recorder.until(lambda: recorder.congestion_ended == 1)

    async def test_a_paused_port_delivers_nothing_until_it_is_resumed(self, bench: PortBench) -> None:
        """What a host sends to a paused port waits."""
        async with open_port(bench) as (port, recorder):
            host = bench.host(port)
            await recorder.until_told("opened")
            port.pause()
            port.pause()
            await host.send(b"later")
            bench.has_arrived(port)
            await turns_of_the_loop()
            told_while_paused = list(recorder.told)
            port.resume()
            port.resume()

            await recorder.until_told("opened", b"later")
            assert told_while_paused == ["opened"]

    async def test_the_news_of_a_closing_waits_behind_the_data_of_a_paused_port(self, bench: PortBench) -> None:
        """A host that leaves while the port is paused is heard to the end before DTR falls."""
        async with open_port(bench) as (port, recorder):
            host = bench.host(port)
            await recorder.until_told("opened")
            port.pause()
            await host.send(b"last words")
            host.close()
            bench.has_arrived(port)
            await turns_of_the_loop()
            told_while_paused = list(recorder.told)
            port.resume()

            await recorder.until_told("opened", b"last words", "closed")
            assert told_while_paused == ["opened"]

    async def test_a_host_that_follows_another_at_once_makes_dtr_fall_and_rise(self, bench: PortBench) -> None:
        """Closing and opening again is noticed however quick it is, and the first host is heard to the end."""
        async with open_port(bench) as (port, recorder):
            first = bench.host(port)
            await recorder.until_told("opened")
            await first.send(b"first")
            first.close()
            second = bench.host(port)

            await recorder.until_told("opened", b"first", "closed", "opened")
            await second.send(b"second")
            await recorder.until_told("opened", b"first", "closed", "opened", b"second")
            port.write(b"hello")
            assert await second.receive(5) == b"hello"
            second.close()
            await recorder.until_told("opened", b"first", "closed", "opened", b"second", "closed")

    async def test_hosts_that_change_while_the_port_is_paused_are_told_apart_afterwards(self, bench: PortBench) -> None:
        """A pause holds the change of hosts back too."""
        async with open_port(bench) as (port, recorder):
            first = bench.host(port)
            await recorder.until_told("opened")
            port.pause()
            await first.send(b"first")
            bench.has_arrived(port)
            first.close()
            second = bench.host(port)
            await turns_of_the_loop()
            told_while_paused = list(recorder.told)
            port.resume()

            await recorder.until_told("opened", b"first", "closed", "opened")
            assert told_while_paused == ["opened"]
            await second.send(b"second")
            await recorder.until_told("opened", b"first", "closed", "opened", b"second")

    async def test_a_host_that_writes_and_closes_at_once_is_heard(self, bench: PortBench) -> None:
        """`echo AT > port` runs the command."""
        async with open_port(bench) as (port, recorder):
            host = bench.host(port)
            await host.send(b"AT\r")
            host.close()

            await recorder.until_told("opened", b"AT\r", "closed")

    async def test_what_is_written_without_a_host_is_never_seen_by_one(self, bench: PortBench) -> None:
        """Bytes for nobody are dropped, before the first host and between two."""
        async with open_port(bench) as (port, recorder):
            port.write(b"too early")
            for stay in (1, 2):
                host = bench.host(port)
                await recorder.until_told(*["opened", "closed"] * (stay - 1), "opened")
                port.write(b"now")
                assert await host.receive(3) == b"now"
                host.close()
                await recorder.until_told(*["opened", "closed"] * stay)
                port.write(MEGABYTE)
                assert port.congested is False

    async def test_what_a_host_leaves_unread_does_not_surprise_the_next(self, bench: PortBench) -> None:
        """A little or a lot left unread is gone with the host that left it."""
        async with open_port(bench) as (port, recorder):
            stays = 0
            for left_behind in (b"a little", MEGABYTE):
                host = bench.host(port)
                await recorder.until_told(*["opened", "closed"] * stays, "opened")
                port.write(left_behind)
                host.close()
                stays += 1
                await recorder.until_told(*["opened", "closed"] * stays)
            host = bench.host(port)
            await recorder.until_told(*["opened", "closed"] * stays, "opened")
            port.write(b"fresh")

            assert await host.receive(5) == b"fresh"

    async def test_a_port_becomes_congested_when_its_host_does_not_read(self, bench: PortBench) -> None:
        """The mark is reached, and a host that closes instead of reading ends the congestion."""
        async with open_port(bench) as (port, recorder):
            host = bench.host(port)
            await recorder.until_told("opened")
            assert fill(port) > HIGH_MARK
            assert recorder.congestion_ended == 0
            host.close()

            await recorder.until(lambda: recorder.congestion_ended == 1)
            assert recorder.told == ["opened", "closed"]
            assert port.congested is False

    async def test_two_hundred_short_stays_are_all_heard(self, bench: PortBench) -> None:
        """A storm of hosts loses no byte, and openings and closings alternate."""
        async with open_port(bench) as (port, recorder):
            spoken = b""
            for number in range(200):
                host = bench.host(port)
                await host.send(word := b"%d," % number)
                spoken += word
                host.close()
                if number % 3 == 0:
                    await asyncio.sleep(0)
            await recorder.until(lambda: recorder.received == spoken and recorder.told[-1] == "closed")

            assert recorder.presence == ["opened", "closed"] * (len(recorder.presence) // 2)
            host = bench.host(port)
            await recorder.until(lambda: recorder.told[-1] == "opened")
            port.write(b"OK")
            assert await host.receive(2) == b"OK"

    async def test_a_closed_port_is_silent(self, bench: PortBench) -> None:
        """Closing from inside a callback ends all reports, and a closed port takes every call in peace."""
        async with open_port(bench) as (port, recorder):
            recorder.on_opened = port.close
            host = bench.host(port)
            await recorder.until_told("opened")
            host.close()
            port.pause()
            port.resume()
            port.write(b"to nobody")
            port.close()
            await turns_of_the_loop()

            assert recorder.told == ["opened"]

    async def test_a_port_closed_when_its_host_leaves_reports_no_successor(self, bench: PortBench) -> None:
        """An owner may close the port from host_closed, even when another host is there already."""
        async with open_port(bench) as (port, recorder):
            recorder.on_closed = port.close
            first = bench.host(port)
            await recorder.until_told("opened")
            first.close()
            second = bench.host(port)
            await recorder.until_told("opened", "closed")
            await turns_of_the_loop()

            assert recorder.told == ["opened", "closed"]
            del second

    async def test_an_owner_that_pauses_when_a_host_comes_is_obeyed(self, bench: PortBench) -> None:
        """A pause from inside host_opened holds the host's first bytes back."""
        async with open_port(bench) as (port, recorder):
            recorder.on_opened = port.pause
            host = bench.host(port)
            await host.send(b"AT\r")
            await recorder.until_told("opened")
            bench.has_arrived(port)
            await turns_of_the_loop()
            told_while_paused = list(recorder.told)
            port.resume()

            await recorder.until_told("opened", b"AT\r")
            assert told_while_paused == ["opened"]

    async def test_a_port_shows_its_state(self, bench: PortBench) -> None:
        """A repr names the port and says whether it is paused."""
        async with open_port(bench) as (port, _):
            port.pause()

            assert port.name in repr(port)
            assert "paused" in repr(port)

    async def test_what_is_said_to_a_host_that_has_left_is_not_heard_by_the_next(self, bench: PortBench) -> None:
        """The owner does not know of the change yet: it is on pause, and answers what the first one has asked."""
        async with open_port(bench) as (port, recorder):
            first = bench.host(port)
            await first.send(b"first")
            await recorder.until_told("opened", b"first")
            port.pause()
            first.close()
            second = bench.host(port)
            await turns_of_the_loop()
            port.write(b"for the first")
            port.resume()
            await recorder.until_told("opened", b"first", "closed", "opened")
            port.write(b"for the second")

            assert await second.receive(14) == b"for the second"


class SharedPortContract(PortContract):
    """For ports that several hosts may open at once."""

    async def test_only_the_first_opening_and_the_last_closing_of_two_hosts_are_reported(
        self, bench: PortBench
    ) -> None:
        """DTR stays up while anybody is there."""
        async with open_port(bench) as (port, recorder):
            first = bench.host(port)
            await recorder.until_told("opened")
            second = bench.host(port)
            await second.send(b"2")
            await recorder.until_told("opened", b"2")
            first.close()
            await second.send(b"still here")
            await recorder.until_told("opened", b"2still here")
            second.close()
            await recorder.until_told("opened", b"2still here", "closed")
