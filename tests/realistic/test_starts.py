"""From power-on to readiness, and what a host meets meanwhile."""

from emulator.testing import Bench
from tests.commands.ssl_bench import ERROR, OK, cme, information
from tests.realistic.benches import LONG, slow_bench, succeed


async def test_without_it_a_module_is_ready_at_once_and_no_time_passes() -> None:
    """As ever: what the option does not touch."""
    async with Bench("HE910") as bench:
        assert information("+CREG: 0,1") == await bench.command("AT+CREG?")
        assert information("+CPIN: READY") == await bench.command("AT+CPIN?")
        assert information("#QSS: 0,3") == await bench.command("AT#QSS?")
        assert OK == await bench.command('AT+CGDCONT=1,"IP","lab"')
        assert information("#SGACT: 212.195.45.65") == await bench.command("AT#SGACT=1,1")
        assert bench.clock.now() == 0


async def test_the_port_says_nothing_until_the_module_has_started() -> None:
    """A line that is typed earlier is lost."""
    async with Bench("HE910", realistic=True) as bench:
        started = bench.clock.now()
        assert 5 < started < 20
        bench.modem.device.power.restart()
        bench.send("AT\r")
        await bench.advance(5)
        assert bench.read() == ""
        await bench.advance(LONG)
        assert bench.read() == ""
        assert f"ATE0\r{OK}" == await bench.command("ATE0", within=1)


async def test_card_and_network_become_ready_one_after_the_other() -> None:
    """What is asked for too early is refused at once: SIM busy, no network yet."""
    async with Bench("GE865-QUAD", realistic=True) as bench:
        await succeed(bench, "AT+CMEE=1", within=1)
        for line in ("AT+CPIN?", "AT+CIMI", "AT+CPBR=1", "AT+CPIN=1234", "AT#PCT", "AT+CRSM=176,12258,0,0,10"):
            assert await bench.command(line, within=0.5) == cme(14), line
        assert await bench.command("AT+CMGL=4", within=0.5) == "\r\n+CMS ERROR: 314\r\n"
        assert information("#QSS: 0,1") == await bench.command("AT#QSS?", within=0.5)
        assert information("+CREG: 0,0") == await bench.command("AT+CREG?", within=0.5)
        while not bench.modem.device.sim.ready:
            await bench.advance(0.1)
        assert information("+CPIN: READY") == await bench.command("AT+CPIN?", within=0.5)
        assert information("#QSS: 0,2") == await bench.command("AT#QSS?", within=0.5)
        assert information("+CREG: 0,2") == await bench.command("AT+CREG?", within=0.5)
        assert await bench.command("AT+CPBR=1", within=0.5) == cme(14)
        while not bench.modem.device.network.registered:
            await bench.advance(0.1)
        assert information("+CGREG: 0,2") == await bench.command("AT+CGREG?", within=0.5)
        await bench.advance(LONG)
        assert information("+CGREG: 0,1") == await bench.command("AT+CGREG?", within=0.5)
        assert information("#QSS: 0,3") == await bench.command("AT#QSS?", within=0.5)


async def test_the_order_of_a_start_as_the_host_hears_it() -> None:
    async with Bench("GE865-QUAD", realistic=True) as bench:
        for line in ("AT#QSS=2", "AT+CREG=1", "AT+CGREG=1"):
            bench.send(f"{line}\r")
            await bench.advance(0.1)
        bench.read()

        heard: list[str] = []
        for _ in range(600):
            await bench.advance(0.2)
            heard += bench.read().split()

        codes = [f"{name} {value}" for name, value in zip(heard[::2], heard[1::2], strict=True)]
        assert codes[:3] == ["#QSS: 1", "+CREG: 2", "#QSS: 2"]
        assert sorted(codes[3:]) == ["#QSS: 3", "+CGREG: 1", "+CREG: 1"]
        assert codes.index("+CREG: 1") < codes.index("+CGREG: 1")


async def test_the_same_seed_gives_the_same_start_and_another_one_another() -> None:
    async def start(seed: int) -> list[tuple[float, str]]:
        log: list[tuple[float, str]] = []
        reader = lambda now, event: log.append((now, str(event)))  # noqa: E731
        async with Bench("GE865-QUAD", realistic=True, seed=seed, readers=[reader]) as bench:
            await succeed(bench, "AT+CREG=1", within=1)
            await bench.advance(LONG)
        return log

    assert await start(5) == await start(5)
    assert await start(5) != await start(6)


async def test_a_restart_finds_its_network_faster_than_the_first_start() -> None:
    """The last cell is known."""
    found: list[float] = []
    async with Bench("GE865-QUAD", realistic=True) as bench:
        for _ in range(2):
            began = bench.clock.now()
            while not bench.modem.device.network.registered:
                await bench.advance(0.1)
            found.append(bench.clock.now() - began)
            await bench.advance(LONG)
            bench.modem.device.power.restart()
            while not bench.modem.device.power.running:
                await bench.advance(0.1)

    assert found[1] < found[0]


async def test_a_shutdown_takes_a_while_and_the_port_then_starts_the_module() -> None:
    async with slow_bench() as bench:
        await succeed(bench, "AT#SHDN")
        assert bench.modem.device.power.running
        await bench.advance(20)
        assert not bench.modem.device.power.running


async def test_a_locked_card_registers_after_its_pin() -> None:
    async with Bench("GE865-QUAD", realistic=True, settings=['sim.pin="1234"']) as bench:
        await bench.advance(LONG)
        assert information("+CPIN: SIM PIN") == await bench.command("AT+CPIN?", within=1)
        assert information("+CREG: 0,0") == await bench.command("AT+CREG?", within=1)
        await succeed(bench, "AT+CPIN=1234")
        assert information("+CREG: 0,2") == await bench.command("AT+CREG?", within=1)
        assert ERROR == await bench.command("AT+CPBR=1", within=2)
        await bench.advance(LONG)
        assert information("+CREG: 0,1") == await bench.command("AT+CREG?", within=1)
        assert OK == await bench.command("AT+CPBR=1", within=2)


async def test_a_radio_that_is_switched_off_while_the_card_starts_stays_off() -> None:
    async with Bench("GE865-QUAD", realistic=True) as bench:
        assert OK == await bench.command("AT+CFUN=4", within=6)
        await bench.advance(LONG)
        assert information("+CREG: 0,0") == await bench.command("AT+CREG?", within=1)


async def test_what_interrupts_a_search_ends_it_and_the_end_of_that_begins_another() -> None:
    """Coverage that goes and comes, the radio off and on, +COPS=2 and 0: the last word counts."""
    async with slow_bench() as bench:
        coverage, network = bench.modem.device.coverage, bench.modem.device.network
        ends = coverage.cover_registration(2)
        ends()
        assert network.registration == 2
        again = coverage.cover_registration(2)
        await bench.advance(LONG)
        assert network.registration == 2
        again()
        await bench.advance(LONG)
        assert network.registration == 1 and network.attached
        await succeed(bench, "AT+COPS=2")
        bench.send("AT+COPS=0\r")
        await bench.advance(0.5)
        assert network.registration == 2
        end = coverage.cover_registration(2)
        await bench.advance(0.1)
        assert OK == bench.read()  # there is nothing to search for
        end()
        await bench.advance(LONG)
        assert network.registration == 1
