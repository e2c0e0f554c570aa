"""The reason that the doctor finds, for servers that are really configured like that."""

import socket
from pathlib import Path

import pytest

from emulator.doctor.verdict import Reason
from tests.doctor.asking import GSM, SMALL, UMTS, ask
from tests.doctor.conftest import Start
from tests.doctor.servers import BIG, PUBLISHED
from tests.peers.pki import CLIENT, INTERMEDIATE, OTHER_ROOT, ROOT
from tests.peers.plain import black_hole


async def test_a_server_that_every_module_reaches(serving: Start) -> None:
    """With each suite that both have, and no reason."""
    gsm, umts = await ask(serving("old"), GSM, UMTS)

    assert (gsm.reachable, gsm.reason) == (umts.reachable, umts.reason) == (True, None)
    assert gsm.suites == ("AES256-SHA",)
    assert umts.suites == ("AES128-SHA", "NULL-SHA")
    assert umts.numbers == (0, 3, 4)
    assert umts.sentence == "#SSLD opens the socket with AES128-SHA."


async def test_version_the_server_begins_with_tls_1_2(serving: Start) -> None:
    """The versions that it has are named."""
    (verdict,) = await ask(serving("modern"))

    assert (verdict.reachable, verdict.reason) == (False, Reason.VERSION)
    assert verdict.sentence == "The server speaks TLS 1.2 and TLS 1.3 only, this firmware speaks TLS 1.0."
    assert verdict.server.versions == ("TLS 1.2", "TLS 1.3")
    assert verdict.also == ()


async def test_version_of_stunnel_as_it_is_installed(serving: Start) -> None:
    """It has no TLS 1.0, unless it is told so."""
    (new,) = await ask(serving("stunnel"), GSM)
    (old,) = await ask(serving("old stunnel"), GSM)

    assert new.reason is Reason.VERSION
    assert old.suites == ("AES256-SHA",)


async def test_version_a_firmware_without_ssl(serving: Start) -> None:
    """It has no version of TLS at all."""
    (verdict,) = await ask(serving("old"), "HE910@12.00.000")

    assert (verdict.reachable, verdict.reason, verdict.suites) == (False, Reason.VERSION, ())


async def test_suites_another_number_works(serving: Start) -> None:
    """NULL-SHA is offered by number only, and not by every firmware."""
    gsm, umts = await ask(serving("null"), GSM, UMTS)

    assert (umts.reachable, umts.reason, umts.cipher_suite) == (False, Reason.SUITES, 4)
    assert umts.sentence.endswith("cipher_suite 4 (NULL-SHA, no encryption) works.")
    assert (gsm.reason, gsm.cipher_suite) == (Reason.SUITES, None)
    assert gsm.sentence == ("The server takes none of RC4-MD5, RC4-SHA or AES256-SHA; in TLS 1.0 it takes NULL-SHA.")


async def test_suites_the_server_has_ephemeral_keys_only(serving: Start) -> None:
    """What it takes is named."""
    (verdict,) = await ask(serving("ephemeral"))

    assert verdict.reason is Reason.SUITES
    assert verdict.sentence.endswith("in TLS 1.0 it takes ECDHE-RSA-AES128-SHA.")


async def test_key_the_server_has_an_elliptic_one(serving: Start) -> None:
    """No suite of a module can use it."""
    (verdict,) = await ask(serving("elliptic"))

    assert verdict.reason is Reason.KEY
    assert verdict.sentence == "The key of the server's certificate is EC secp256r1; this firmware needs an RSA key."


@pytest.mark.parametrize("server", ["mutual", "gnutls mutual", "mutual behind the handshake"])
async def test_client_certificate_is_asked_for(serving: Start, server: str) -> None:
    """The server ends the handshake of a client that shows none, or closes right behind it."""
    (verdict,) = await ask(serving(server))

    assert verdict.reason is Reason.CLIENT_CERTIFICATE
    assert verdict.server.asks_certificate


async def test_a_client_certificate_is_shown_in_mode_2(serving: Start) -> None:
    """Then the server is reached."""
    (verdict,) = await ask(serving("gnutls mutual"), mode=2, ca=[ROOT], client=CLIENT)

    assert verdict.reachable, verdict.sentence


@pytest.mark.parametrize("server", ["named", "haproxy"])
async def test_server_name_is_needed(serving: Start, server: str) -> None:
    """nginx and HAProxy refuse who does not name them."""
    (verdict,) = await ask(serving(server))

    assert verdict.reason is Reason.SERVER_NAME
    assert verdict.server.needs_name


@pytest.mark.parametrize(
    ("server", "said"),
    [("http", '"HTTP/1.0 404 Not Found"'), ("mail", '"220 mail.example.com ESMTP"'), ("echo", "sends back")],
)
async def test_no_tls(serving: Start, server: str, said: str) -> None:
    """What it says instead is shown."""
    (verdict,) = await ask(serving(server), timeout=1)

    assert verdict.reason is Reason.NO_TLS
    assert said in verdict.sentence


async def test_silence(serving: Start) -> None:
    """The server takes the connection and says nothing."""
    (verdict,) = await ask(serving("silent"), timeout=1)

    assert verdict.reason is Reason.SILENCE


async def test_silence_of_a_host_that_answers_no_connection() -> None:
    """As behind a firewall."""
    with black_hole() as port:
        (verdict,) = await ask(port, timeout=0.5)

    assert verdict.reason is Reason.SILENCE
    assert "nobody answers" in verdict.sentence.lower()


@pytest.mark.parametrize("server", ["closing", "resetting"])
async def test_closed(serving: Start, server: str) -> None:
    """Whoever dials."""
    (verdict,) = await ask(serving(server), timeout=1)

    assert verdict.reason is Reason.CLOSED


async def test_refused(serving: Start) -> None:
    """Nothing listens there."""
    (verdict,) = await ask(serving("nothing"))

    assert verdict.reason is Reason.REFUSED


async def test_name() -> None:
    """The name cannot be resolved."""
    (verdict,) = await ask(1, host="nowhere.invalid")

    assert verdict.reason is Reason.NAME
    assert verdict.sentence.startswith("The name nowhere.invalid cannot be resolved")


async def test_name_with_a_route_for_another_port() -> None:
    """That is said: the port or the route is wrong, not the name."""
    (verdict,) = await ask(1, host="server.invalid", route="server.invalid:444")

    assert verdict.reason is Reason.NAME
    assert verdict.sentence.endswith("(no route for port 443; there is one for 444).")


async def test_name_that_nobody_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a machine that is not on the network."""

    def fail(*arguments: object, **others: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    (verdict,) = await ask(1, host="somewhere.example")

    assert verdict.reason is Reason.NAME
    assert verdict.sentence.endswith("(no name server answers; is this machine on the network?).")


async def test_the_right_ca_certificate(serving: Start) -> None:
    """Then mode 1 succeeds."""
    (verdict,) = await ask(serving("old"), mode=1, ca=[ROOT])

    assert verdict.reachable, verdict.sentence
    assert verdict.anchor is not None
    assert verdict.anchor.source == "--ca"


async def test_size_depends_on_the_firmware(serving: Start) -> None:
    """A certificate that one firmware takes is too large for another."""
    small, usual = await ask(serving("rather big"), SMALL, GSM, mode=1, ca=[ROOT])

    assert (small.reason, usual.reason) == (Reason.SIZE, None)
    assert "at most 1535 are taken" in small.sentence


async def test_size_of_the_ca_certificate(serving: Start) -> None:
    """It cannot be stored; of a file with several the right one is named."""
    (one,) = await ask(serving("old"), SMALL, mode=1, ca=[BIG])
    (bundle,) = await ask(serving("old"), SMALL, mode=1, ca=[OTHER_ROOT, BIG, ROOT])

    assert one.reason is bundle.reason is Reason.SIZE
    assert one.sentence.startswith("The CA certificate big server has ")
    assert one.sentence.endswith(" bytes in PEM, this firmware stores 1535 at most.")
    assert bundle.sentence.startswith("The CA certificate file has ")
    assert bundle.sentence.endswith("store Test root alone.")


async def test_chain_to_another_root(serving: Start) -> None:
    """The server's root is nowhere: neither given nor on this machine."""
    (verdict,) = await ask(serving("old"), mode=1, ca=[OTHER_ROOT])

    assert verdict.reason is Reason.CHAIN
    assert "the certificate Test root" in verdict.sentence


async def test_chain_whose_root_is_on_this_machine(
    serving: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is named, with the place where it was found."""
    roots = tmp_path / "roots.pem"
    roots.write_bytes(OTHER_ROOT.pem + ROOT.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(roots))

    (wrong,) = await ask(serving("old"), mode=1, ca=[OTHER_ROOT])
    (none_given,) = await ask(serving("old"), mode=1)

    assert wrong.reason is Reason.CHAIN
    assert wrong.sentence.endswith(f"store Test root, which is in {roots}.")
    assert none_given.reachable
    assert f"once the CA certificate Test root is stored, found in {roots}" in none_given.sentence


async def test_chain_without_its_intermediate(serving: Start) -> None:
    """The missing certificate is named."""
    (verdict,) = await ask(serving("incomplete"), mode=1, ca=[ROOT])

    assert verdict.reason is Reason.CHAIN
    assert f"does not send the certificate Test intermediate (published at {PUBLISHED})" in verdict.sentence


async def test_chain_of_an_intermediate_as_the_anchor(
    serving: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A module wants a root."""
    roots = tmp_path / "roots.pem"
    roots.write_bytes(ROOT.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(roots))

    (verdict,) = await ask(serving("old"), mode=1, ca=[INTERMEDIATE])

    assert verdict.reason is Reason.CHAIN
    assert "The CA certificate Test intermediate is no root: store Test root" in verdict.sentence


@pytest.mark.parametrize("mode", [1, 2])
async def test_chain_whose_root_nobody_has(serving: Start, mode: int) -> None:
    """Asked without --ca, the doctor has nothing to store."""
    (verdict,) = await ask(serving("old"), mode=mode, client=CLIENT)

    assert verdict.reason is Reason.CHAIN
    assert "store it if it is the root" in verdict.sentence


async def test_the_root_is_sought_behind_a_client_certificate(
    serving: Start, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A server that wants one shows its chain before."""
    roots = tmp_path / "roots.pem"
    roots.write_bytes(ROOT.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(roots))

    (verdict,) = await ask(serving("gnutls mutual"), mode=2, client=CLIENT)

    assert verdict.reachable, verdict.sentence


async def test_chain_of_a_self_signed_certificate(serving: Start) -> None:
    """It is to be stored itself: asked without --ca, the doctor does so."""
    (wrong,) = await ask(serving("self-signed"), mode=1, ca=[ROOT])
    (right,) = await ask(serving("self-signed"), mode=1)

    assert wrong.reason is Reason.CHAIN
    assert "lonely server is self-signed: store lonely server" in wrong.sentence
    assert right.reachable


async def test_date(serving: Start) -> None:
    """The certificate has expired by the module's clock."""
    (verdict,) = await ask(serving("expired"), mode=1, ca=[ROOT])

    assert verdict.reason is Reason.DATE
    assert "certificate has expired" in verdict.sentence


async def test_date_of_a_module_without_a_battery(serving: Start, tmp_path: Path) -> None:
    """Its clock begins in the year 2000, before the certificate."""
    profile = _profile(tmp_path, '[calendar]\npower_up = "factory"')

    (verdict,) = await ask(serving("old"), profile, mode=1, ca=[ROOT])

    assert verdict.reason is Reason.DATE
    assert verdict.sentence.endswith("set the module's clock first, by +CCLK.")


async def test_digest(serving: Start, tmp_path: Path) -> None:
    """A firmware that knows SHA-1 only does not take SHA-256."""
    profile = _profile(tmp_path, '[secure_socket.trust]\ndigests = ["md5", "sha1"]')

    (verdict,) = await ask(serving("old"), profile, mode=1, ca=[ROOT])

    assert verdict.reason is Reason.DIGEST
    assert "sha256WithRSAEncryption" in verdict.sentence


async def test_key_that_is_too_large(serving: Start, tmp_path: Path) -> None:
    """By the limits of the profile."""
    profile = _profile(tmp_path, "[secure_socket.trust]\nkey_bits = [512, 1000]")

    (verdict,) = await ask(serving("old"), profile, mode=1, ca=[ROOT])

    assert verdict.reason is Reason.KEY
    assert "has 1024 bits" in verdict.sentence


@pytest.mark.parametrize(
    ("server", "mode", "also"),
    [
        ("modern", 1, (Reason.CHAIN,)),
        ("modern elliptic", 0, (Reason.KEY,)),
        ("modern elliptic", 1, (Reason.KEY, Reason.CHAIN)),
        ("modern named", 0, (Reason.SERVER_NAME,)),
    ],
)
async def test_what_stands_in_the_way_next(serving: Start, server: str, mode: int, also: tuple[Reason, ...]) -> None:
    """What a server needs beside an older version: so that nobody mends it in vain."""
    (verdict,) = await ask(serving(server), mode=mode, ca=[OTHER_ROOT] if mode else [])

    assert (verdict.reason, verdict.also) == (Reason.VERSION, also)


async def test_a_firmware_of_a_later_version(serving: Start, tmp_path: Path) -> None:
    """A profile of the user may speak TLS 1.2."""
    profile = _profile(tmp_path, '[secure_socket]\ntls_version = "TLS 1.2"')

    (modern,) = await ask(serving("modern"), profile)
    (newest,) = await ask(serving("newest"), profile)

    assert modern.reachable, modern.sentence
    assert newest.sentence == "The server speaks TLS 1.3 only, this firmware speaks TLS 1.2."


def _profile(folder: Path, tables: str) -> str:
    path = folder / "profile.toml"
    path.write_text(f'extends = "HE910"\nname = "HE910 with a difference"\n{tables}\n')
    return str(path)
