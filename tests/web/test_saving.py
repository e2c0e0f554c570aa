"""A session is saved: as a dialogue that plays, as a trace, as a capture."""

import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.dialogue.play import play_emulated
from emulator.dialogue.reading import load
from emulator.lab.server import LabServer
from emulator.options import ModemOptions
from emulator.testing import Bench
from emulator.web import history, kept_packets, overheard
from tests.web.browsing import Client

HOST = "echo.example.com"


async def online(bench: Bench, server: LabServer, data: str = "hello") -> None:
    """Dial, say something that comes back, and leave data mode by the escape sequence."""
    bench.modem.route(f"{HOST}:443", f"127.0.0.1:{server.port}")
    for line in ('AT+CGDCONT=1,"IP","internet"', "AT#SGACT=1,1", "AT#SSLEN=1,1"):
        assert "OK" in await bench.command(line), line
    await talk(bench, data)


async def talk(bench: Bench, data: str = "hello") -> None:
    assert "CONNECT" in await bench.command(f'AT#SSLD=1,443,"{HOST}",0,0')
    bench.send(data)
    await bench.advance(10)  # until it is sent as a packet
    assert data == await bench.until(data)
    assert "OK" in await bench.escape()
    assert "OK" in await bench.command("AT#SSLH=1")


async def test_a_session_is_saved_as_a_dialogue(client: Client, bench: Bench) -> None:
    """What the host said and what was typed on the page, the escape from data mode included, without secrets."""
    await bench.command('AT+CPIN="1234"')
    await client.do("type", text="AT+CSQ\r")
    await bench.answer()

    saved = await client.get("api/save/dialogue?module=1")

    text = saved.body.decode()
    assert 'attachment; filename="session.txt"' == saved.headers["content-disposition"]
    assert "> AT+CSQ\n< +CSQ: " in text
    assert "1234" not in text
    assert "HE910@12.00.004" in text


async def test_the_answer_to_what_was_not_said_is_a_line(client: Client) -> None:
    answer = await client.get("api/save/dialogue?module=1&terminal=2")

    assert 400 == answer.status
    assert "nothing was said at port 2; " in answer.json["error"]
    assert (
        "a session is saved as dialogue, trace, capture" == (await client.get("api/save/song?module=1")).json["error"]
    )
    assert "there is no module None; `module` may be 1" == (await client.get("api/save/trace")).json["error"]


async def test_a_session_is_saved_as_a_trace(client: Client, bench: Bench) -> None:
    await bench.command("AT+CSQ")

    lines = (await client.get("api/save/trace?module=1")).body.splitlines()

    events = [json.loads(line) for line in lines]
    assert ["ready", "host-sent", "module-sent", "module-sent"] == [event["event"] for event in events]


async def test_a_trace_whose_beginning_is_gone_says_so(
    client: Client, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_KEPT", 1500)
    monkeypatch.setattr(overheard, "MOST_KEPT", 1500)
    for _ in range(20):
        await bench.command("AT+CSQ")

    trace = (await client.get("api/save/trace?module=1")).body.splitlines()
    dialogue = (await client.get("api/save/dialogue?module=1")).body

    lost = json.loads(trace[0])
    assert ("events-lost", 61) == (lost["event"], lost["count"] + len(trace) - 1)
    assert dialogue.startswith(b"# The beginning is missing: it is kept no longer.\n")
    (module,) = (await client.get("api/snapshot")).json["modules"]
    assert 61 == module["earlier"] + len(module["events"])


async def test_a_saved_session_plays_again(
    client: Client, bench: Bench, tls_server: Callable[..., LabServer], tmp_path: Path
) -> None:
    """Data mode and the escape from it included."""
    server = tls_server()
    await online(bench, server)
    path = tmp_path / "session.txt"
    path.write_bytes((await client.get("api/save/dialogue?module=1")).body)

    assert "\nescape\n" in path.read_text()
    await play_emulated(load(path), ModemOptions(routes={f"{HOST}:443": f"127.0.0.1:{server.port}"}))


async def test_long_data_is_saved_beside_the_dialogue(
    client: Client, bench: Bench, tls_server: Callable[..., LabServer]
) -> None:
    await online(bench, tls_server(), "x" * 2500)

    saved = await client.get("api/save/dialogue?module=1")

    assert 'attachment; filename="session.zip"' == saved.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(saved.body)) as archive:
        assert {"session-1.bin", "session.txt"} <= set(archive.namelist())
        assert b"x" * 2500 == archive.read("session-1.bin")
        assert b">file session-1.bin" in archive.read("session.txt")


async def test_a_session_is_saved_as_a_capture(
    client: Client, bench: Bench, tls_server: Callable[..., LabServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole blocks, as pcapng has them; of what is too much the last ones stay, and the file says so."""
    await online(bench, tls_server())
    whole = (await client.get("api/save/capture?module=1")).body
    monkeypatch.setattr(kept_packets, "MOST_KEPT", 1000)
    await talk(bench)
    last = (await client.get("api/save/capture?module=1")).body

    assert [0x0A0D0D0A, 1] == _blocks(whole)[:2]
    assert len(_blocks(whole)) > 10
    assert 3 <= len(_blocks(last)) < len(_blocks(whole))
    assert b"The beginning is missing: " in last
    assert b"is missing" not in whole


def _blocks(capture: bytes) -> list[int]:
    kinds = []
    while capture:
        kind, length = struct.unpack_from("<II", capture)
        assert length == struct.unpack_from("<I", capture, length - 4)[0]
        kinds.append(kind)
        capture = capture[length:]
    return kinds


async def test_a_handshake_is_told_with_the_server_s_chain(
    client: Client, bench: Bench, tls_server: Callable[..., LabServer]
) -> None:
    """In its outcome, with the suite."""
    server = tls_server()
    async with client.stream() as stream:
        await online(bench, server)
        outcome = await stream.until("trace", event="tls-outcome")

    assert ("established", True) == (outcome["outcome"], outcome["suite"].startswith("TLS_"))
    assert outcome["chain"]
