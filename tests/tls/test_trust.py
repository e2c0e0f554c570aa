"""The decision on a chain: what is accepted, and by which alert and words a refusal is told."""

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from emulator.tls.client import ChainFlaw, ChainRefused
from emulator.tls.trust import MAX_CHAIN, ChainVerifier, Limits
from emulator.tls.wire.alerts import Alert
from emulator.tls.wire.key_kinds import KeyKind
from emulator.tls.wire.suites import KeyUse
from tests.peers.elliptic import ELLIPTIC_ROOT, ELLIPTIC_SERVER, EllipticParty
from tests.peers.pki import (
    CLIENT,
    EXPIRED_SERVER,
    FUTURE_SERVER,
    INTERMEDIATE,
    NOW,
    OTHER_ROOT,
    ROOT,
    SERVER,
    Party,
)

CHAIN = (SERVER, INTERMEDIATE)
SELF_SIGNED = Party("self-signed")
EXPIRED_ROOT = Party("Expired root", is_ca=True, not_after=datetime(2014, 1, 1, tzinfo=UTC))


def key_usage(**uses: bool) -> x509.KeyUsage:
    """These uses and no others."""
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign"
        " encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: uses.get(name, False) for name in names.split()})


def judge(
    *chain: Party, anchors: tuple[Party, ...] = (ROOT,), at: datetime = NOW, limits: Limits | None = None
) -> None:
    ChainVerifier([anchor.der for anchor in anchors], at, limits)([party.der for party in chain])


def refusal(
    *chain: Party, anchors: tuple[Party, ...] = (ROOT,), at: datetime = NOW, limits: Limits | None = None
) -> ChainRefused:
    with pytest.raises(ChainRefused) as caught:
        judge(*chain, anchors=anchors, at=at, limits=limits)
    assert "\n" not in caught.value.detail
    return caught.value


@pytest.mark.parametrize(
    "chain",
    [
        pytest.param(CHAIN, id="in order"),
        pytest.param((*CHAIN, ROOT), id="with the root"),
        pytest.param((SERVER, OTHER_ROOT, CLIENT, INTERMEDIATE), id="out of order, with others between"),
        pytest.param((CLIENT,), id="directly below the root"),
    ],
)
def test_a_path_to_the_stored_root_is_accepted(chain: tuple[Party, ...]) -> None:
    """Whatever else the server sends, the path counts."""
    judge(*chain)


@pytest.mark.parametrize("digest", ["md5", "sha1", "sha256"])
def test_the_digests_of_the_module_s_time_are_accepted(digest: str) -> None:
    """Without a limit no digest is too weak."""
    issuer = Party("old intermediate", ROOT, is_ca=True, digest=digest)

    judge(Party("old server", issuer, digest=digest), issuer)


def test_any_of_several_anchors_will_do() -> None:
    """A store with two roots trusts both."""
    judge(*CHAIN, anchors=(OTHER_ROOT, ROOT))


def test_a_self_signed_certificate_is_trusted_when_it_is_stored() -> None:
    """A server may be its own authority."""
    judge(SELF_SIGNED, anchors=(SELF_SIGNED,))


def test_dates_are_those_of_the_module() -> None:
    """A date without a zone is UTC; the certificate's last second still counts."""
    judge(EXPIRED_SERVER, at=datetime(2014, 1, 1))
    judge(EXPIRED_SERVER, at=EXPIRED_SERVER.not_after.astimezone(UTC))


@pytest.mark.parametrize(
    ("chain", "anchors", "words"),
    [
        pytest.param(CHAIN, (OTHER_ROOT,), "CN=Test intermediate: unable to get local issuer", id="other root"),
        pytest.param((SERVER,), (ROOT,), "CN=server: unable to get local issuer", id="intermediate missing"),
        pytest.param((*CHAIN, ROOT), (OTHER_ROOT,), "CN=Test root: self-signed certificate in", id="root comes along"),
        pytest.param((SELF_SIGNED,), (ROOT,), "CN=self-signed: self-signed", id="self-signed"),
        pytest.param(CHAIN, (INTERMEDIATE,), "CN=Test intermediate: unable to get issuer", id="anchor is no root"),
        pytest.param((CLIENT,), (CLIENT,), "CN=client: unable to get local issuer", id="anchor is the leaf"),
        pytest.param((Party("x", CLIENT), CLIENT), (ROOT,), "CN=client: invalid CA", id="issuer is no CA"),
        pytest.param(CHAIN, (), "unable to get local issuer", id="nothing stored"),
    ],
)
def test_an_unknown_authority_is_told_as_such(chain: tuple[Party, ...], anchors: tuple[Party, ...], words: str) -> None:
    """Alert unknown_ca, and the certificate at which the path ended."""
    refused = refusal(*chain, anchors=anchors)

    assert (refused.alert, words in refused.detail) == (Alert.UNKNOWN_CA, True), refused.detail


@pytest.mark.parametrize(
    ("party", "at", "words"),
    [
        (
            EXPIRED_SERVER,
            NOW,
            "CN=expired server: certificate has expired (valid from 2010-01-01 00:00:00 to 2014-01-01",
        ),
        (Party("below", EXPIRED_ROOT), NOW, "CN=Expired root: certificate has expired"),
        (FUTURE_SERVER, NOW, "CN=future server: certificate is not yet valid"),
        (CLIENT, NOW + timedelta(days=36500), "the module's date is 2114"),
    ],
)
def test_dates_are_told_with_the_refusal(party: Party, at: datetime, words: str) -> None:
    """Alert certificate_expired for both ends of validity, with the dates that explain it."""
    refused = refusal(party, anchors=(ROOT, EXPIRED_ROOT), at=at)

    assert (refused.alert, words in refused.detail) == (Alert.CERTIFICATE_EXPIRED, True), refused.detail


def test_a_forged_signature_is_a_bad_certificate() -> None:
    """A certificate that was changed after it was signed."""
    forged = CLIENT.der[:-1] + bytes([CLIENT.der[-1] ^ 1])

    with pytest.raises(ChainRefused) as caught:
        ChainVerifier([ROOT.der], NOW)([forged])

    assert caught.value.alert == Alert.BAD_CERTIFICATE


@pytest.mark.parametrize("chain", [[], [CLIENT.der] * (MAX_CHAIN + 1), [b"\x30\x03abc"], [CLIENT.der + b"\0"]])
def test_what_is_no_chain_is_a_bad_certificate(chain: list[bytes]) -> None:
    """None, too many, and what does not parse."""
    with pytest.raises(ChainRefused) as caught:
        ChainVerifier([ROOT.der], NOW)(chain)

    assert caught.value.alert == Alert.BAD_CERTIFICATE


def test_anchors_must_be_certificates() -> None:
    """A damaged store is noticed before anything is dialled."""
    with pytest.raises(ValueError, match="DER certificate"):
        ChainVerifier([b"rubbish"], NOW)


def test_a_certificate_over_the_size_limit_is_refused() -> None:
    """The limit is for each certificate sent; at the limit it is still taken."""
    big = Party("big server", ROOT, ballast=2000)
    size = len(big.der)
    judge(big, limits=Limits(max_certificate_size=size))

    refused = refusal(big, limits=Limits(max_certificate_size=size - 1))

    assert refused.alert == Alert.BAD_CERTIFICATE
    assert refused.detail == f"certificate 1 of the chain has {size} bytes, at most {size - 1} are taken"


def test_a_digest_that_is_not_listed_is_refused() -> None:
    """Only below the anchor: how a root signed itself proves nothing."""
    only_sha1 = Limits(signature_digests=frozenset({"sha1"}))
    judge(CLIENT.but(digest="sha1"), limits=only_sha1)

    refused = refusal(CLIENT, limits=only_sha1)

    assert refused.alert == Alert.UNSUPPORTED_CERTIFICATE
    assert refused.detail == "certificate CN=client: signed with sha256WithRSAEncryption, accepted: sha1"


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(min_rsa_bits=1025), "certificate CN=client: its key has 1024 bits, at least 1025 are asked for"),
        (Limits(max_rsa_bits=1023), "certificate CN=client: its key has 1024 bits, at most 1023 are taken"),
    ],
)
def test_a_key_out_of_bounds_is_refused(limits: Limits, words: str) -> None:
    """Too weak, or more than the module can compute with."""
    judge(CLIENT, limits=Limits(min_rsa_bits=1024, max_rsa_bits=1024))

    refused = refusal(CLIENT, limits=limits)

    assert (refused.alert, refused.detail) == (Alert.UNSUPPORTED_CERTIFICATE, words)


NAMED = Party(
    "common.example",
    ROOT,
    alternative_names=(x509.DNSName("*.example.org"), x509.IPAddress(IPv4Address("192.0.2.1"))),
)


@pytest.mark.parametrize(
    ("party", "wanted"),
    [(NAMED, "www.EXAMPLE.org"), (NAMED, "192.0.2.1"), (CLIENT, "client")],
)
def test_a_name_is_compared_where_the_profile_asks_for_it(party: Party, wanted: str) -> None:
    """Alternative names first, the common name where there are none."""
    judge(party, limits=Limits(host_name=wanted))


@pytest.mark.parametrize(
    ("party", "wanted"),
    [
        (NAMED, "example.org"),
        (NAMED, "a.b.example.org"),
        (NAMED, "common.example"),
        (NAMED, "192.0.2.2"),
        (Party("*.0.2.2", ROOT), "192.0.2.2"),
        (CLIENT, "server"),
    ],
)
def test_a_certificate_for_another_name_is_refused(party: Party, wanted: str) -> None:
    """A star stands for one label, and for no part of an address."""
    refused = refusal(party, limits=Limits(host_name=wanted))

    assert (refused.alert, f"not for {wanted}" in refused.detail) == (Alert.BAD_CERTIFICATE, True)


CLIENTS_ONLY = Party("clients", ROOT, uses=(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]),))
CERTIFICATES_ONLY = Party("certificates", ROOT, uses=(key_usage(key_cert_sign=True),))
SIGNATURES_ONLY = Party("signatures", ROOT, uses=(key_usage(digital_signature=True),))
FOR_SERVERS = Party(
    "servers",
    ROOT,
    uses=(
        key_usage(key_encipherment=True),
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]),
    ),
)
FOR_ALL = Party("all", ROOT, uses=(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]),))


@pytest.mark.parametrize("party", [CLIENTS_ONLY, CERTIFICATES_ONLY, SIGNATURES_ONLY, FOR_SERVERS, FOR_ALL, CLIENT])
def test_any_use_is_accepted_where_none_is_asked_for(party: Party) -> None:
    """The modules take every certificate below the stored root."""
    judge(party)


@pytest.mark.parametrize("party", [FOR_SERVERS, FOR_ALL, CLIENT])
def test_a_certificate_for_servers_is_accepted(party: Party) -> None:
    """One that names no use is for every use."""
    judge(party, limits=Limits(server_purpose=True))


@pytest.mark.parametrize(
    ("party", "why"),
    [
        (CLIENTS_ONLY, "not for servers"),
        (CERTIFICATES_ONLY, "its key is not for encryption"),
        (SIGNATURES_ONLY, "its key is not for encryption"),
    ],
)
def test_a_certificate_for_another_use_is_refused_where_a_profile_says_so(party: Party, why: str) -> None:
    """RFC 5280 4.2.1.3 and 4.2.1.12, RFC 2246 7.4.2."""
    refused = refusal(party, limits=Limits(server_purpose=True))

    assert (refused.alert, why in refused.detail) == (Alert.UNSUPPORTED_CERTIFICATE, True)


def test_a_subject_cannot_break_the_line() -> None:
    """Whatever a server writes into its name, the detail stays one line of printable text."""
    refused = refusal(Party("evil\r\nname\x1b[31m"))

    assert refused.detail.isprintable()


def test_a_subject_that_cannot_be_read_does_not_hide_the_refusal() -> None:
    """A certificate with a date that is none: OpenSSL reads it, whoever wants its name cannot."""
    odd = CLIENT.der.replace(b"100101000000Z", b"1001zz000000Z")

    with pytest.raises(ChainRefused, match="a certificate whose subject cannot be read") as caught:
        ChainVerifier([ROOT.der], NOW)([odd])

    assert caught.value.alert == Alert.BAD_CERTIFICATE


def test_a_verifier_shows_what_it_judges_by() -> None:
    """A person sees its date."""
    assert "1 anchors, at 2014-06-01 12:00:00" in repr(ChainVerifier([ROOT.der], NOW))


CERTIFIED_BY_CURVE = EllipticParty("curve below RSA", INTERMEDIATE, is_ca=True)
MIXED = (Party("RSA below curve", CERTIFIED_BY_CURVE, digest="sha512"), CERTIFIED_BY_CURVE, INTERMEDIATE)
ALL_KINDS = frozenset(KeyKind)


@pytest.mark.parametrize(
    ("chain", "anchors"),
    [
        pytest.param((ELLIPTIC_SERVER,), (ELLIPTIC_ROOT,), id="ECDSA, P-256 by P-384"),
        pytest.param(MIXED, (ROOT,), id="RSA and ECDSA in turn"),
        pytest.param((Party("by PSS", ROOT, pss=True, digest="sha384"),), (ROOT,), id="RSA-PSS"),
        pytest.param(CHAIN, (*(Party(f"CA {n}", is_ca=True) for n in range(9)), ROOT), id="the last of ten"),
    ],
)
def test_every_kind_of_key_is_taken_that_is_listed(chain: tuple[Party, ...], anchors: tuple[Party, ...]) -> None:
    """With the digests that the chain has, and no others."""
    digests = frozenset({"sha256", *(party.digest for party in chain)})

    judge(*chain, anchors=anchors, limits=Limits(key_kinds=ALL_KINDS, signature_digests=digests, min_rsa_bits=1024))


@pytest.mark.parametrize(
    ("chain", "anchors", "taken", "words"),
    [
        pytest.param(
            (EllipticParty("on a curve", ROOT),),
            (ROOT,),
            {KeyKind.RSA},
            "certificate CN=on a curve: its key is secp256r1, accepted: rsa",
            id="the server's key",
        ),
        pytest.param(
            MIXED,
            (ROOT,),
            {KeyKind.RSA},
            "certificate CN=curve below RSA: its key is secp256r1, accepted: rsa",
            id="a key between",
        ),
        pytest.param(
            (ELLIPTIC_SERVER,),
            (ELLIPTIC_ROOT,),
            {KeyKind.P256},
            "certificate CN=Elliptic root: its key is secp384r1, accepted: secp256r1",
            id="the root's curve",
        ),
        pytest.param(
            (Party("by PSS", ROOT, pss=True),),
            (ROOT,),
            {KeyKind.RSA},
            "certificate CN=by PSS: signed with rsassaPss, accepted are signatures of rsa",
            id="the signature's form",
        ),
        pytest.param(
            (EllipticParty("Koblitz", ROOT, curve=ec.SECP256K1),),
            (ROOT,),
            ALL_KINDS,
            "certificate CN=Koblitz: its key is of an unknown kind, accepted: rsa, rsa_pss, secp256r1, secp384r1",
            id="a curve of no TLS",
        ),
    ],
)
def test_a_kind_of_key_that_is_not_listed_is_refused(
    chain: tuple[Party, ...], anchors: tuple[Party, ...], taken: set[KeyKind], words: str
) -> None:
    """Anywhere in the path, by the alert unsupported_certificate."""
    refused = refusal(*chain, anchors=anchors, limits=Limits(key_kinds=frozenset(taken)))

    assert (refused.alert, refused.flaw) == (Alert.UNSUPPORTED_CERTIFICATE, ChainFlaw.KEY)
    assert words in refused.detail


@pytest.mark.parametrize(
    ("party", "anchor"), [(ELLIPTIC_SERVER, ELLIPTIC_ROOT), (Party("by PSS", ROOT, pss=True, digest="sha384"), ROOT)]
)
def test_the_digest_counts_whatever_the_signature(party: Party, anchor: Party) -> None:
    """SHA-384 by ECDSA and by PSS, whose digest stands in the parameters."""
    judge(party, anchors=(anchor,), limits=Limits(signature_digests=frozenset({"sha384"})))

    refused = refusal(party, anchors=(anchor,), limits=Limits(signature_digests=frozenset({"sha256"})))

    assert (refused.alert, refused.flaw) == (Alert.UNSUPPORTED_CERTIFICATE, ChainFlaw.DIGEST)


def test_the_bits_are_those_of_rsa_keys() -> None:
    """A key of 256 bits on a curve is as good as one of RSA of 3072."""
    judge(ELLIPTIC_SERVER, anchors=(ELLIPTIC_ROOT,), limits=Limits(min_rsa_bits=2048, max_rsa_bits=4096))


SIGNS = frozenset({KeyUse.SIGNS})


def test_a_key_that_only_signs_is_for_servers_where_suites_want_that() -> None:
    """With ephemeral keys the server's own signs, and encrypts nothing."""
    judge(SIGNATURES_ONLY, limits=Limits(server_purpose=True, key_uses=SIGNS))
    judge(SIGNATURES_ONLY, limits=Limits(server_purpose=True, key_uses=frozenset(KeyUse)))

    refused = refusal(FOR_SERVERS, limits=Limits(server_purpose=True, key_uses=SIGNS))

    assert "certificate CN=servers: its key is not for signatures" in refused.detail
