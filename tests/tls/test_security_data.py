"""What is accepted as a certificate or a private key, and how a refusal is worded."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from emulator.tls.client import ClientIdentity, FailureCause, TlsFailure
from emulator.tls.security_data import (
    certificate_key,
    load_identity_key,
    load_private_key,
    load_rsa_identity_key,
    parse_certificate,
    parse_certificates,
    parse_private_key,
)
from emulator.tls.wire.key_kinds import KeyKind
from tests.peers.elliptic import ELLIPTIC_CLIENT
from tests.peers.pki import CLIENT, INTERMEDIATE, ROOT, SERVER

PKCS1 = CLIENT.key_bytes()
PKCS8 = CLIENT.key_bytes(form=PrivateFormat.PKCS8)
PKCS8_PEM = CLIENT.key_bytes(Encoding.PEM, PrivateFormat.PKCS8)
SECRET = BestAvailableEncryption(b"secret")
ENCRYPTED_PKCS8 = CLIENT.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, SECRET)
ENCRYPTED_PKCS1 = CLIENT.key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, SECRET)
ENCRYPTED_DER = CLIENT.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, SECRET)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def reason(parse: Callable[[], object]) -> str:
    with pytest.raises(ValueError, match=r"^[^\n]+$") as caught:
        parse()
    return str(caught.value)


class TestCertificates:
    def test_der_is_taken_as_it_is(self) -> None:
        """A DER certificate comes back unchanged."""
        assert parse_certificate(SERVER.der, "DER") == SERVER.der

    @pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
    def test_the_first_certificate_of_a_pem_text_is_taken(self, line_end: bytes) -> None:
        """What stands around the blocks does not matter, and any line end will do."""
        text = b"# a comment\n" + CLIENT.key_pem + SERVER.pem + ROOT.pem

        assert parse_certificate(text.replace(b"\n", line_end), "PEM") == SERVER.der

    def test_all_certificates_of_a_pem_text(self) -> None:
        """A chain in one text, in its order."""
        assert parse_certificates(SERVER.pem + INTERMEDIATE.pem, "PEM") == (SERVER.der, INTERMEDIATE.der)

    @pytest.mark.parametrize("digest", ["md5", "sha1"])
    def test_old_digests_parse(self, digest: str) -> None:
        """What is stored is checked for its form, not for its strength."""
        der = SERVER.but(digest=digest).der

        assert parse_certificate(der, "DER") == der

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "not a DER certificate"),
            (b"\x30", "not a DER certificate"),
            (SERVER.pem, "not a DER certificate"),
            (b"\x30\x82\x01", "not a DER certificate"),
            (b"\x30\x03abc", "not a DER certificate"),
            (PKCS1, "not a DER certificate"),
            (SERVER.der[:-1], f"says that it has {len(SERVER.der)} bytes, but there are {len(SERVER.der) - 1}"),
            (SERVER.der + b"\n", f"says that it has {len(SERVER.der)} bytes, but there are {len(SERVER.der) + 1}"),
        ],
    )
    def test_what_is_no_der_certificate_is_refused(self, data: bytes, words: str) -> None:
        """The reason is one line."""
        assert words in reason(lambda: parse_certificate(data, "DER"))

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (SERVER.der, "no CERTIFICATE block"),
            (CLIENT.key_pem, "no CERTIFICATE block"),
            (SERVER.pem.replace(b"-----END", b"----END"), "no CERTIFICATE block"),
            (b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----", "not base64"),
            (b"-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----", "not a DER certificate"),
        ],
    )
    def test_what_is_no_pem_certificate_is_refused(self, data: bytes, words: str) -> None:
        """The reason is one line."""
        assert words in reason(lambda: parse_certificate(data, "PEM"))


class TestPrivateKeys:
    @pytest.mark.parametrize("key", [PKCS1, PKCS8])
    def test_der_keys_keep_their_structure(self, key: bytes) -> None:
        """PKCS#1 and PKCS#8 are told apart by what they are."""
        assert parse_private_key(key, "DER") == key

    @pytest.mark.parametrize(("text", "key"), [(CLIENT.key_pem, PKCS1), (PKCS8_PEM, PKCS8)])
    def test_the_first_key_of_a_pem_text_is_taken(self, text: bytes, key: bytes) -> None:
        """A certificate before it does no harm."""
        assert parse_private_key(CLIENT.pem + text, "PEM") == key

    @pytest.mark.parametrize(("data", "form"), [(PKCS8, "DER"), (PKCS8_PEM, "PEM")])
    def test_a_structure_that_is_not_accepted_is_refused(self, data: bytes, form: str) -> None:
        """Some firmware takes PKCS#1 alone."""
        words = reason(lambda: parse_private_key(data, form, accepted=("pkcs1",)))  # type: ignore[arg-type]  # by table

        assert words == "the key is PKCS#8, it must be PKCS#1"

    @pytest.mark.parametrize(
        ("data", "form"),
        [(ENCRYPTED_PKCS8, "PEM"), (ENCRYPTED_PKCS1, "PEM"), (ENCRYPTED_DER, "DER")],
    )
    def test_encrypted_keys_are_refused(self, data: bytes, form: str) -> None:
        """A module asks nobody for a password."""
        words = reason(lambda: parse_private_key(data, form))  # type: ignore[arg-type]  # by table

        assert words == "the private key is encrypted"

    @pytest.mark.parametrize(
        ("data", "form", "words"),
        [
            (b"", "DER", "not a DER private key"),
            (PKCS1[:-5], "DER", "the DER private key says"),
            (b"\x30\x06\x02\x01\x00\x02\x01\x05", "DER", "not a DER private key"),
            (SERVER.pem, "PEM", "in the PEM text, only CERTIFICATE"),
            (b"hello", "PEM", "in the PEM text, nor any other"),
            (EC_KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), "DER", "no RSA key"),
            (
                EC_KEY.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
                "PEM",
                "the key is SEC 1, it must be PKCS#1 or PKCS#8",
            ),
        ],
    )
    def test_what_is_no_rsa_key_is_refused(self, data: bytes, form: str, words: str) -> None:
        """The reason is one line."""
        assert words in reason(lambda: parse_private_key(data, form))  # type: ignore[arg-type]  # by table

    @pytest.mark.parametrize(
        ("data", "form"),
        [
            (ELLIPTIC_CLIENT.key_bytes(), "DER"),
            (ELLIPTIC_CLIENT.key_bytes(form=PrivateFormat.PKCS8), "DER"),
            (ELLIPTIC_CLIENT.key_pem, "PEM"),
        ],
    )
    def test_a_key_on_a_curve_is_taken_where_its_curve_is(self, data: bytes, form: str) -> None:
        """In SEC 1 and in PKCS#8; there the text says which kinds are."""

        def parse(*kinds: KeyKind) -> bytes:
            return parse_private_key(data, form, ("pkcs8", "sec1"), kinds)  # type: ignore[arg-type]  # by table

        assert parse(KeyKind.RSA, KeyKind.P256) in (ELLIPTIC_CLIENT.key_bytes(), data)
        assert reason(lambda: parse(KeyKind.RSA)) == "the private key is no RSA key"
        assert reason(lambda: parse(KeyKind.RSA, KeyKind.P384)) == "the private key is no rsa or secp384r1 key"


class TestIdentities:
    def test_an_identity_with_a_key_on_a_curve(self) -> None:
        """It is handed out to an engine that can sign with it, and to no other."""
        assert load_identity_key(ELLIPTIC_CLIENT.identity).key_size == 256
        with pytest.raises(TlsFailure, match="the module's private key is no RSA key"):
            load_rsa_identity_key(ELLIPTIC_CLIENT.identity)

    def test_the_key_of_an_identity(self) -> None:
        """A key that goes with its certificate is handed out."""
        assert load_identity_key(CLIENT.identity).key_size == 1024

    @pytest.mark.parametrize(
        "identity",
        [
            ClientIdentity((), PKCS1),
            ClientIdentity((CLIENT.der,), b"rubbish"),
            ClientIdentity((b"rubbish",), PKCS1),
            ClientIdentity((SERVER.der,), PKCS1),
            ClientIdentity((CLIENT.der,), ENCRYPTED_DER),
            ClientIdentity((CLIENT.der, b"rubbish"), PKCS1),
        ],
    )
    def test_an_identity_that_cannot_work_is_refused(self, identity: ClientIdentity) -> None:
        """Without a certificate, without a key, or with those of two parties."""
        with pytest.raises(TlsFailure) as caught:
            load_identity_key(identity)

        assert caught.value.cause is FailureCause.KEY_UNUSABLE

    def test_an_identity_keeps_its_key_to_itself(self) -> None:
        """What is printed of it holds no key."""
        assert PKCS1[:16].hex() not in repr(CLIENT.identity)
        assert "private_key" not in repr(CLIENT.identity)

    def test_an_unreadable_public_key_is_named(self) -> None:
        """A certificate whose key is of no known kind."""
        broken = SERVER.der.replace(bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a864886f70d01017f"))

        assert reason(lambda: certificate_key(broken)) == "its public key cannot be read"


def test_a_key_is_parsed_once() -> None:
    """OpenSSL tests its primes each time, and one dial asks for it several times."""
    assert load_private_key(CLIENT.key_bytes()) is load_private_key(CLIENT.key_bytes())
