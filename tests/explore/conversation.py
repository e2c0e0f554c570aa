"""A long conversation with a module, which passes places of every kind."""

from emulator.bench import BenchHost
from emulator.faults.census import Census
from emulator.lab import Lab
from emulator.testing import Bench

PAGE = b"GET / HTTP/1.0\r\n\r\n\x1a"


async def enter(host: BenchHost, line: str, data: bytes) -> str:
    host.send(f"{line}\r")
    await host.until("> ", ">>>")
    host.send(data)
    return await host.answer()


async def leave(bench: Bench, end: str) -> None:
    await bench.advance(1.1)
    bench.send("+++")
    await bench.advance(1.1)
    await bench.until(end)


async def upload(host: BenchHost) -> None:
    await host.command('AT#FTPPUT="a.txt"')
    host.send("some text")
    await host.escape()


async def conversation(bench: Bench) -> None:
    """Use connections of every kind, from two ports; +CREG? and #SGACT? come in several forms and often."""
    second = bench.hosts[1]
    for line in ("AT+CMEE=2", "AT+CREG=2;+CREG?;+CREG?", 'AT+CGDCONT=1,"IP","x"', "AT#SGACT=1,1", "AT#SGACT=1,1"):
        await bench.command(line)
    await second.command("AT+CREG?")
    await second.command("AT+CREG?")
    for line in ("AT#SSLEN=1,1", "AT#SSLSECCFG=1,0,0", 'AT#SSLD=1,443,"https.lab",0,1'):
        await bench.command(line)
    await enter(bench, "AT#SSLSEND=1", PAGE)
    for line in ("AT#SSLRECV=1,500", "AT#SSLH=1", "AT#SSLEN=1,0", "AT#QDNS=echo.lab"):
        await bench.command(line)
    await bench.command('AT#SD=1,0,7,"echo.lab",0,0,1')
    await enter(bench, "AT#SSEND=1", b"hello\x1a")
    await bench.until("SRING: 1\r\n")
    for line in ("AT#SRECV=1,100", "AT#SI=1", "AT#SI", "AT#SH=1", 'AT#SD=2,0,7,"echo.lab"'):
        await bench.command(line)
    bench.send("echoed")
    await bench.until("echoed", within=6)
    await leave(bench, "SRING: 2\r\n")  # the echo of the escape sequence
    await second.command('AT#SD=3,0,7,"echo.lab",0,0,1')
    await second.command("AT#SH=3")
    for line in ("AT#SH=2", 'AT#FTPOPEN="ftp.lab","telit","public-demo",1'):
        await bench.command(line)
    await upload(bench)
    await bench.command("AT#FTPCLOSE")
    await bench.command('AT#HTTPCFG=0,"http.lab",80')
    await bench.command('AT#HTTPQRY=0,0,"/"')
    await bench.until('"text/plain",21\r\n')
    await bench.command("AT+CMGF=1")
    await enter(bench, 'AT+CMGS="+39123"', b"hi\x1a")
    await bench.command('AT+CGDCONT=2,"IP","y"')
    await bench.command("ATD*99***2#")
    await bench.escape()
    await bench.command("ATH")


async def census_of_conversation() -> Census:
    with Lab() as lab:
        async with Bench(routes=lab.routes, ports=2) as bench:
            census = bench.modem.faults.take_census()
            await conversation(bench)
    return census
