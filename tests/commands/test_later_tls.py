"""TLS 1.2 with ephemeral keys and TLS 1.3 of the module: chains and identities with ECDSA, tickets that ring nobody."""

from pathlib import Path

import pytest

from emulator.testing import Bench
from emulator.tls.wire.suites import CipherSuite
from emulator.trace.events import HandshakeMessage, TlsOutcome
from tests.commands.peer import eventually
from tests.commands.reasons import reason_of
from tests.commands.ssl_bench import (
    HOST,
    OK,
    PROMPT,
    authenticate,
    dial,
    enter,
    has_come,
    socket_of,
    ssl_bench,
    store,
    succeed,
)
from tests.peers.elliptic import ELLIPTIC_CLIENT, ELLIPTIC_ROOT, ELLIPTIC_SERVER, EllipticParty
from tests.peers.pki import NOW, ROOT, Party
from tests.peers.processes import openssl_server

ME310 = "ME310G1"
TLS_1_2, TLS_1_3 = 3, 4
"""<version> of #SSLSECCFG2."""
ANY = ("-cipher", "ALL:@SECLEVEL=0")
DIAL = f'AT#SSLD=1,443,"{HOST}",0,1'
ROOTS = [EllipticParty(f"CA {number}", is_ca=True) for number in range(11)]


async def set_clock(bench: Bench) -> None:
    """A day on which the certificates are valid."""
    await succeed(bench, f'AT+CCLK="{NOW:%y/%m/%d,%H:%M:%S}+00"')


def tickets(bench: Bench) -> int:
    """How many session tickets have come."""
    return sum(isinstance(event, HandshakeMessage) and event.name == "new_session_ticket" for event in bench.events)


@pytest.mark.parametrize(
    ("version", "party", "root"),
    [(TLS_1_3, ELLIPTIC_SERVER, ELLIPTIC_ROOT), (TLS_1_2, Party("below ECDSA", ELLIPTIC_ROOT), ELLIPTIC_ROOT)],
    ids=["ECDSA", "RSA below ECDSA"],
)
async def test_a_chain_with_ecdsa_is_accepted_and_refused_as_any_other(
    version: int, party: Party, root: Party, tmp_path: Path
) -> None:
    """By the stored root, and not by another one."""
    with openssl_server(tmp_path, *ANY, party=party) as port:
        async with ssl_bench(ME310, port) as bench:
            await set_clock(bench)
            await authenticate(bench, root)
            await succeed(bench, f"AT#SSLSECCFG2=1,{version}")
            await dial(bench)
            assert OK == await enter(bench, "AT#SSLSEND=1", b"over the air\n\x1a")
            await has_come(bench, 13)
            await succeed(bench, "AT#SSLH=1", "AT#SSLSECDATA=1,0,1")
            await store(bench, 1, ROOT.pem)
            assert "ERROR" in await bench.command(DIAL)
            assert "unable to get local issuer certificate" in reason_of(bench)


@pytest.mark.parametrize(
    ("version", "told"),
    [
        (TLS_1_2, "one of them and have an RSA certificate"),
        (TLS_1_3, "one of them and, below TLS 1.3, have an RSA certificate"),
    ],
)
async def test_a_server_with_an_elliptic_key_alone_is_told_to_have_another(
    version: int, told: str, tmp_path: Path
) -> None:
    """No suite of TLS 1.2 that the module offers goes with it, whatever the server allows."""
    with openssl_server(tmp_path, "-tls1_2", *ANY, party=ELLIPTIC_SERVER) as port:
        async with ssl_bench(ME310, port) as bench:
            await succeed(bench, f"AT#SSLSECCFG2=1,{version}")
            assert "ERROR" in await bench.command(DIAL)
            assert reason_of(bench).endswith(f"; the server must allow {told}")


async def test_a_client_certificate_with_ecdsa_is_taken_where_the_profile_takes_it(tmp_path: Path) -> None:
    """It is not known whether the modules do, so that it is a value of the profile, and refused without it."""
    roots = tmp_path / "roots.pem"
    roots.write_bytes(ELLIPTIC_ROOT.pem)
    options = ("-Verify", "2", "-CAfile", str(roots), "-verify_return_error")
    kinds = 'secure_socket.security_data.key_kinds=["rsa","secp256r1"]'
    structures = 'secure_socket.security_data.private_keys=["pkcs8","sec1"]'
    with openssl_server(tmp_path, *ANY, *options) as port:
        async with ssl_bench(ME310, port, settings=[kinds, structures]) as bench:
            await set_clock(bench)
            await authenticate(bench, ROOT, ELLIPTIC_CLIENT)
            await succeed(bench, f"AT#SSLSECCFG2=1,{TLS_1_3}")
            await dial(bench)
            assert OK == await enter(bench, "AT#SSLSEND=1", b"trusted\n\x1a")
            await has_come(bench, 8)
            sent = {e.name for e in bench.events if isinstance(e, HandshakeMessage) and e.direction == "sent"}
            assert {"certificate", "certificate_verify"} <= sent

    async with ssl_bench(ME310, settings=[structures]) as bench:
        assert PROMPT == await bench.command(f"AT#SSLSECDATA=1,1,2,{len(ELLIPTIC_CLIENT.key_pem)}")
        bench.send(ELLIPTIC_CLIENT.key_pem + b"\x1a")
        assert "ERROR" in await bench.answer()
        assert reason_of(bench) == "the private key is no RSA key"


async def test_ten_ca_certificates_are_stored_and_all_of_them_count(tmp_path: Path) -> None:
    """The last one, too; an eleventh is refused. They need more room than the profile gives."""
    room = ["secure_socket.security_data.size_limit=16384"]
    with openssl_server(tmp_path, *ANY, party=EllipticParty("below the last", ROOTS[9])) as port:
        async with ssl_bench(ME310, port, settings=room) as bench:
            await set_clock(bench)
            await succeed(bench, "AT#SSLSECCFG=1,0,1", f"AT#SSLSECCFG2=1,{TLS_1_3}")
            eleven = b"".join(root.pem for root in ROOTS)
            assert "ERROR" in await enter(bench, f"AT#SSLSECDATA=1,1,1,{len(eleven)}", eleven + b"\x1a")
            assert reason_of(bench) == "11 CA certificates are in the text; this firmware keeps at most 10"
            await store(bench, 1, b"".join(root.pem for root in ROOTS[:10]))
            await dial(bench)


async def test_messages_behind_the_handshake_ring_nobody(tmp_path: Path) -> None:
    """Session tickets are no data: SSLSRING tells of what can be read, and nothing else."""
    with openssl_server(tmp_path, *ANY) as port:
        async with ssl_bench(ME310, port) as bench:
            await succeed(bench, f"AT#SSLSECCFG2=1,{TLS_1_3}", "AT#SSLCFG=1,1,300,90,100,50,1")
            await dial(bench)
            await eventually(lambda: tickets(bench) == 2, "both tickets come")
            assert (bench.read(), socket_of(bench).pending) == ("", 0)
            assert OK == await enter(bench, "AT#SSLSEND=1", b"ring\n\x1a")
            await has_come(bench, 5)

            assert "SSLSRING: 1,5\r\n" in bench.read()
            (outcome,) = [event for event in bench.events if isinstance(event, TlsOutcome)]
            assert CipherSuite[outcome.suite or ""].openssl_name.startswith("TLS_AES")
            assert "CN=server" == outcome.chain[0]
