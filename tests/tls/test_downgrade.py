"""Signals that a version was lowered on the way: a real server's random, judged by both engines alike."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from emulator.device.connection.handshake_failure import explained
from emulator.tls.client import FailureCause, TlsConfiguration, TlsEngine, TlsFailure
from emulator.tls.decisions import agree, agreed_version
from emulator.tls.wire.alerts import FatalError
from emulator.tls.wire.extensions import Extension
from emulator.tls.wire.messages import ServerHello
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, ProtocolVersion, VersionRange
from tests.peers.processes import openssl_server
from tests.peers.recordings import record
from tests.peers.sockets import Wire
from tests.tls.conftest import AES128, Notes

OFFER = TlsConfiguration(
    (AES128,), versions=VersionRange(TLS_1_0, TLS_1_2), extensions=(Extension.SIGNATURE_ALGORITHMS,)
)
NO_TLS_1_2, NO_TLS_1_3, NOTHING = b"DOWNGRD\x00", b"DOWNGRD\x01", bytes(8)


@pytest.mark.parametrize("lowered", [TLS_1_0, TLS_1_1], ids=lambda version: version.name)
def test_a_hello_that_was_changed_on_its_way_is_found_out(
    engine: TlsEngine, lowered: ProtocolVersion, tmp_path: Path
) -> None:
    """`openssl s_server` speaks TLS 1.2, hears of an older version, and says so in its random (RFC 8446 4.1.3)."""
    notes = Notes()
    options = ("-min_protocol", "TLSv1", "-max_protocol", "TLSv1.2", "-cipher", "AES128-SHA:@SECLEVEL=0")
    with (
        openssl_server(tmp_path, *options) as port,
        Wire(engine, port, replace(OFFER, observer=notes)) as wire,
    ):
        hello = wire.client.data_to_send()
        wire.socket.sendall(hello[:9] + lowered.number.to_bytes(2, "big") + hello[11:])
        with pytest.raises(TlsFailure) as caught:
            wire.handshake()

    assert caught.value.cause is FailureCause.DOWNGRADE
    assert f"chose {lowered.name}" in caught.value.detail
    assert notes.names[-1] == "> alert illegal_parameter"


@pytest.mark.parametrize("version", [TLS_1_0, TLS_1_1, TLS_1_2], ids=lambda version: version.name)
def test_an_old_server_is_taken_at_its_word(engine: TlsEngine, version: ProtocolVersion, tmp_path: Path) -> None:
    """One that speaks no later version gives no signal."""
    flag = {TLS_1_0: "-tls1", TLS_1_1: "-tls1_1", TLS_1_2: "-tls1_2"}[version]
    with (
        openssl_server(tmp_path, flag, "-cipher", "AES128-SHA:@SECLEVEL=0") as port,
        Wire(engine, port, OFFER) as wire,
    ):
        client = wire.handshake()
        wire.send(b"over the air\n")

        assert (client.version, wire.receive(13)) == (version, b"ria eht revo\n")


@pytest.mark.parametrize(
    ("highest", "chosen", "end", "refused"),
    [
        (TLS_1_3, TLS_1_2, NO_TLS_1_3, True),
        (TLS_1_3, TLS_1_2, NO_TLS_1_2, True),
        (TLS_1_3, TLS_1_0, NO_TLS_1_2, True),
        (TLS_1_3, TLS_1_2, NOTHING, False),
        (TLS_1_2, TLS_1_1, NO_TLS_1_2, True),
        (TLS_1_2, TLS_1_2, NO_TLS_1_3, False),
        (TLS_1_2, TLS_1_1, NO_TLS_1_3, False),
        (TLS_1_1, TLS_1_0, NO_TLS_1_2, False),
        (TLS_1_0, TLS_1_0, NO_TLS_1_2, False),
    ],
)
def test_only_what_was_offered_and_not_chosen_is_missed(
    highest: ProtocolVersion, chosen: ProtocolVersion, end: bytes, refused: bool
) -> None:
    """A client of TLS 1.3 minds both signals, one of TLS 1.2 the second, an older one none."""
    suites = (CipherSuite.TLS_AES_128_GCM_SHA256, AES128)
    offer = TlsConfiguration(suites, versions=VersionRange(TLS_1_0, highest))
    hello = ServerHello(chosen.number, bytes(24) + end, b"", AES128.number, None)
    if not refused:
        assert agree(hello, offer, agreed_version(hello, offer)).version is chosen
        return

    with pytest.raises(FatalError) as caught:
        agree(hello, offer, agreed_version(hello, offer))

    assert (caught.value.alert, caught.value.cause) == (47, FailureCause.DOWNGRADE)


def test_inappropriate_fallback_is_told_for_what_it_is(engine: TlsEngine) -> None:
    """The module does not dial again by itself, so its hello never says the SCSV of RFC 7507; a server errs there."""
    client = engine.connect(OFFER)
    client.data_to_send()

    with pytest.raises(TlsFailure) as caught:
        client.receive(record(21, b"\x02\x56"))

    failed = explained(caught.value, OFFER, asked_for_certificate=False)
    assert (failed.cause, failed.alert) == (FailureCause.DOWNGRADE, 86)
    assert "inappropriate_fallback" in failed.detail
    assert "second try with an older version" in failed.detail
