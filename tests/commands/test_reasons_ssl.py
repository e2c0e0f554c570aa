"""Why commands of the secure socket are refused: its states, what is stored, the dial and the handshake."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from emulator.testing import Bench
from emulator.tls.wire.suites import CipherSuite
from tests.commands.peer import ObedientPeer
from tests.commands.reasons import Step, dialogue, reason_of, say
from tests.commands.ssl_bench import HOST, authenticate, prepare, ssl_bench, store, succeed
from tests.peers.pki import CLIENT, EXPIRED_SERVER, OTHER_ROOT, ROOT, SERVER, Party
from tests.peers.plain import black_hole, scripted_server
from tests.peers.processes import free_port, gnutls_server, openssl_server

_DIAL = f'AT#SSLD=1,443,"{HOST}",0,1'
_STORE_CA = "AT#SSLSECDATA=1,1,1,<size> first, or AT#SSLSECCFG=1,0,0"
_SHOW_CERTIFICATE = "AT#SSLSECDATA=1,1,0,<size>, then AT#SSLSECDATA=1,1,2,<size>, then AT#SSLSECCFG=1,0,2 first"
_OPEN = 'AT#SSLD=1,<port>,"<address>",0,1 first'

STATES: list[Step] = [
    (_DIAL, "SSL is disabled: AT#SSLEN=1,1 first"),
    ("AT#SSLEN=1,0", "SSL is disabled already"),
    ("AT#SSLEN=1,1", None),
    ("AT#SSLEN=1,1", "SSL is enabled already"),
    ("AT#SSLSEND=1", f"the secure socket is closed: {_OPEN}"),
    ("AT#SSLRECV=1,10", f"the secure socket is closed: {_OPEN}"),
    ("AT#SSLO=1", f"the secure socket is closed: {_OPEN}"),
    ("AT#SSLH=1", f"the secure socket is closed: {_OPEN}"),
    (_DIAL, "no context 1 is active: AT#SGACT=1,1 first"),
]
OPEN: list[Step] = [
    (_DIAL, None),
    (_DIAL, "the secure socket is open: AT#SSLH=1 first"),
    ("AT#SSLSECCFG=1,0,1", "the secure socket is open: AT#SSLH=1 first"),
    ("AT#SSLSECDATA=1,2,0", "the secure socket is open: AT#SSLH=1 first"),
    ("AT#SSLEN=1,0", "the secure socket is open: AT#SSLH=1 first"),
    ("AT#SSLH=1", None),
    (
        "AT#SSLFASTD=1",
        "no session is kept; a connection with <closureType> 1 leaves one when the module closes it: "
        'AT#SSLD=1,<port>,"<address>",1,1, then AT#SSLH=1 first',
    ),
    ("AT#SSLSECCFG=1,0,1", None),
    (_DIAL, f"no CA certificate is stored: {_STORE_CA}"),
    ("AT#SSLSECCFG=1,0,2", None),
]
"""On a firmware with #SSLFASTD."""


async def test_a_state_that_refuses_a_command_is_named_with_the_way_out_of_it() -> None:
    """Disabled, closed, open; nothing stored."""
    async with Bench("HE910") as bench:
        assert await dialogue(bench, STATES) == STATES
    with ObedientPeer() as peer:
        async with ssl_bench("GE865-QUAD", peer.port) as bench:
            assert await dialogue(bench, OPEN) == OPEN
            await store(bench, 1, ROOT.pem)
            assert await say(bench, _DIAL) == (
                "no client certificate and private key is stored: "
                "AT#SSLSECDATA=1,1,0,<size>, then AT#SSLSECDATA=1,1,2,<size> first, or AT#SSLSECCFG=1,0,1"
            )


async def test_another_instance_is_told_who_must_give_ssl_back() -> None:
    """At its own port or channel."""
    release = "AT#SSLEN=1,0 at the port or channel of that one first"
    owned = f"another AT instance has enabled SSL, and only that one can use it: {release}"
    steps: list[Step] = [("AT#SSLSECCFG?", owned), ("AT#SSLEN=1,1", owned)]
    async with ssl_bench(ports=2) as bench:
        assert await dialogue(bench, steps, bench.hosts[1]) == steps


async def test_security_data_that_is_refused_is_told_what_is_wrong_with_it() -> None:
    """Line ends, garbage, sizes, a key that is encrypted."""
    pem = ROOT.pem.decode()
    crlf = pem.replace("\n", "\r\n")
    steps: list[Step] = [
        (
            f"AT#SSLSECDATA=1,1,1,{len(crlf)}\n{crlf}\x1a",
            "the text has CR; lines of a PEM text end with LF alone on this firmware",
        ),
        (f"AT#SSLSECDATA=1,1,1,10\n{pem}\x1a", f"{len(pem)} bytes were entered where <size> is 10"),
    ]
    async with ssl_bench() as bench:
        assert await dialogue(bench, steps) == steps
        assert await say(bench, f"AT#SSLSECDATA=1,1,2,{len(pem)}\n{pem}\x1a") == (
            "no RSA PRIVATE KEY or PRIVATE KEY block is in the PEM text, only CERTIFICATE"
        )


def _routes(port: int) -> Mapping[str, str]:
    """Routes for one address, and for two ports of one name."""
    return dict.fromkeys((HOST, "echo.invalid:443", "echo.invalid:7"), f"127.0.0.1:{port}")


async def test_a_dial_that_fails_names_the_address_and_the_way() -> None:
    """Nobody listens, the name is unknown, no answer comes."""
    port = free_port()
    async with Bench("HE910", routes=_routes(port)) as bench:
        await prepare(bench)
        steps: list[Step] = [
            (
                _DIAL,
                f"nobody listens at 127.0.0.1:{port}, where the route of {HOST}:443 leads: Connection refused",
            ),
            ('AT#SSLD=1,443,"no-such-host.invalid",0,1', "'no-such-host.invalid' cannot be resolved"),
            ('AT#SSLD=1,444,"echo.invalid",0,1', "no route for echo.invalid:444; there is one for 443, 7"),
        ]
        assert await dialogue(bench, steps) == steps
    with black_hole() as hole:
        async with ssl_bench(port=hole) as bench:
            bench.send(f'AT#SSLD=1,443,"{HOST}",0,1,70\r')
            await bench.advance(7.5)
            await bench.answer()
            assert reason_of(bench) == f"timeout: {HOST}:443 did not answer within 7 s"


@contextmanager
def _peer(*suites: CipherSuite, party: Party = SERVER) -> Iterator[int]:
    with ObedientPeer(*suites, party=party) as peer:
        yield peer.port


async def _refusal(server: AbstractContextManager[int], *setup: str, ca: Party | None = None) -> str:
    """The reason for which a dial to a server fails."""
    with server as port:
        async with ssl_bench(port=port) as bench:
            if ca is not None:
                await authenticate(bench, ca)
            await succeed(bench, *setup)
            reason = await say(bench, _DIAL)
            assert reason is not None
            return reason


async def test_a_modern_server_is_told_to_allow_the_modules_version(tmp_path: Path) -> None:
    """OpenSSL 3 as it stands says internal_error, and one without TLS 1.0 protocol_version."""
    allow = "the server must allow it (OpenSSL 3 by MinProtocol TLSv1 and CipherString DEFAULT@SECLEVEL=0)"
    by_default = await _refusal(openssl_server(tmp_path, party=Party("modern", bits=2048)))
    without_tls_1_0 = await _refusal(openssl_server(tmp_path, "-tls1_2", "-cipher", "ALL:@SECLEVEL=0"))

    assert by_default == (
        "alert received: the peer sent the alert internal_error; "
        f"the server may refuse TLS 1.0, the module's version: {allow}"
    )
    assert without_tls_1_0 == (
        f"protocol version: the peer sent the alert protocol_version; the module speaks TLS 1.0 only: {allow}"
    )


async def test_the_version_of_a_profile_of_ones_own_is_named(tmp_path: Path) -> None:
    """TLS 1.2 needs no weaker level of security."""
    with openssl_server(tmp_path, "-tls1_3", party=Party("modern", bits=2048)) as port:
        async with ssl_bench(port=port, settings=['secure_socket.tls_version="TLS 1.2"']) as bench:
            assert await say(bench, _DIAL) == (
                "protocol version: the peer sent the alert protocol_version; the module speaks TLS 1.2 only: "
                "the server must allow it (OpenSSL 3 by MinProtocol TLSv1.2)"
            )


async def test_without_a_common_suite_the_offer_is_named() -> None:
    """With all suites there is nothing to do at the module; with one of them there is."""
    other = CipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA
    assert await _refusal(_peer(other), "AT#SSLSECCFG=1,1,0") == (
        "no common suite: the peer sent the alert handshake_failure; the module offers RC4-MD5; "
        "the server must allow it and have an RSA certificate: AT#SSLSECCFG=1,0,0 first"
    )
    assert (await _refusal(_peer(other))).endswith(
        "; the module offers AES128-SHA, RC4-SHA, RC4-MD5; "
        "the server must allow one of them and have an RSA certificate"
    )


async def test_a_server_that_is_not_trusted_is_told_with_what_is_missing() -> None:
    """The issuer whose certificate is not stored; the dates that the module's clock does not match."""
    assert await _refusal(_peer(), ca=OTHER_ROOT) == (
        "untrusted: certificate CN=Test intermediate: unable to get local issuer certificate; the certificate of its "
        "issuer is not stored: CN=Test root: AT#SSLSECDATA=1,1,1,<size> first, or AT#SSLSECCFG=1,0,0"
    )
    assert await _refusal(_peer(party=EXPIRED_SERVER), ca=ROOT) == (
        "untrusted: certificate CN=expired server: certificate has expired (valid from 2010-01-01 00:00:00 to "
        "2014-01-01 00:00:00, the module's date is 2014-06-01 12:00:00): "
        'AT+CCLK="<yy/MM/dd,hh:mm:ss+zz>" first'
    )


async def test_a_server_that_asks_for_a_certificate_in_vain_is_told_so(tmp_path: Path) -> None:
    """Its own alert says less: each library has another one for it."""
    show = "AT#SSLSECDATA=1,1,0,<size>, then AT#SSLSECDATA=1,1,2,<size>, then AT#SSLSECCFG=1,0,2 first"
    asked = f"the server asked for a certificate of the module, and none was sent: {show}"
    options = "-tls1", "-cipher", "ALL:@SECLEVEL=0", "-Verify", "1"
    suites = [CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA]

    openssl = await _refusal(openssl_server(tmp_path, *options))
    gnutls = await _refusal(gnutls_server(tmp_path, suites, ("--require-client-cert",)))

    assert openssl == f"alert received: the peer sent the alert handshake_failure; {asked}"
    assert gnutls == f"alert received: the peer sent the alert decode_error; {asked}"


async def test_a_server_that_does_not_like_the_modules_certificate_is_told_so(tmp_path: Path) -> None:
    """It was sent, and the server does not know its issuer."""
    stranger, _ = OTHER_ROOT.write(tmp_path)
    options = "-tls1", "-cipher", "ALL:@SECLEVEL=0", "-Verify", "1", "-verify_return_error", "-CAfile", str(stranger)
    with openssl_server(tmp_path, *options) as port:
        async with ssl_bench(port=port) as bench:
            await authenticate(bench, ROOT, CLIENT)
            reason = await say(bench, _DIAL)

    assert reason == (
        "alert received: the peer sent the alert unknown_ca; the server does not accept the module's certificate"
    )


async def test_a_server_without_tls_or_without_a_word_is_called_so() -> None:
    """The first bytes are no record; or there are none."""
    assert await _refusal(scripted_server(b"220 mail.example.com ESMTP\r\n")) == (
        "not TLS: the first byte is 0x32; the server speaks no TLS at this port"
    )
    assert await _refusal(scripted_server(b"")) == (
        "peer closed: while waiting for server_hello; "
        "the server's log may say why; a server may refuse TLS 1.0 in this way"
    )
