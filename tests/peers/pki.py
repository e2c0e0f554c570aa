"""A public key infrastructure made on the fly: authorities, servers and clients, good and bad ones.

Keys have 1024 bits where nothing else is asked for: they are made once in a test run and protect nothing.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS, PKCS1v15
from cryptography.hazmat.primitives.hashes import MD5, SHA1, SHA256, SHA384, SHA512
from cryptography.x509.oid import NameOID

from emulator.tls.client import ClientIdentity

NOW = datetime(2014, 6, 1, 12, tzinfo=UTC)
"""The date of the tests: the good certificates are valid then."""

_PKCS1 = bytes.fromhex("2a864886f70d0101")
_SHA256_WITH_RSA = _PKCS1 + b"\x0b"
_BROKEN_DIGESTS = {"md5": (_PKCS1 + b"\x04", MD5()), "sha1": (_PKCS1 + b"\x05", SHA1())}
_DIGESTS: dict[str, SHA384 | SHA512] = {"sha384": SHA384(), "sha512": SHA512()}


@cache
def rsa_key(name: str, bits: int = 1024) -> rsa.RSAPrivateKey:
    """The key of that name, made at the first call."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _signed(certificate: x509.Certificate, key: rsa.RSAPrivateKey, digest: str) -> bytes:
    """The certificate with its signature made anew: the builder itself signs with no broken digest."""
    if digest not in _BROKEN_DIGESTS:
        return certificate.public_bytes(serialization.Encoding.DER)
    algorithm, hash_algorithm = _BROKEN_DIGESTS[digest]
    body = certificate.tbs_certificate_bytes.replace(_SHA256_WITH_RSA, algorithm)
    signature = key.sign(body, PKCS1v15(), hash_algorithm)
    der = certificate.public_bytes(serialization.Encoding.DER).replace(_SHA256_WITH_RSA, algorithm)
    return der[: -len(signature)] + signature


@dataclass(frozen=True)
class Party:
    """A certificate to be: whose, by whom, and in which way it is odd. It is made when `der` is first asked for."""

    name: str
    issuer: "Party | None" = None
    """None makes it self-signed."""
    is_ca: bool = False
    digest: str = "sha256"
    pss: bool = False
    """Whether the issuer, whose key is RSA, signs it by PSS."""
    bits: int = 1024
    not_before: datetime = datetime(2010, 1, 1, tzinfo=UTC)
    not_after: datetime = datetime(2040, 1, 1, tzinfo=UTC)
    alternative_names: tuple[x509.GeneralName, ...] = ()
    uses: tuple[x509.ExtensionType, ...] = ()
    """Extensions that say what it may be used for."""
    ballast: int = 0
    """Bytes of a comment that make it big."""

    def but(self, **changes: object) -> "Party":
        """The same one, changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # it is the caller who knows the fields

    @property
    def key(self) -> rsa.RSAPrivateKey:
        return rsa_key(self.name, self.bits)

    @cached_property
    def subject(self) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])

    @cached_property
    def der(self) -> bytes:
        issuer = self.issuer or self
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.subject)
            .issuer_name(issuer.subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.not_before)
            .not_valid_after(self.not_after)
            .add_extension(x509.BasicConstraints(ca=self.is_ca, path_length=None), critical=True)
        )
        if self.alternative_names:
            builder = builder.add_extension(x509.SubjectAlternativeName(self.alternative_names), critical=False)
        for extension in self.uses:
            builder = builder.add_extension(extension, critical=True)
        if self.ballast:
            comment = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), bytes(self.ballast))
            builder = builder.add_extension(comment, critical=False)
        digest: SHA256 | SHA384 | SHA512 = _DIGESTS.get(self.digest, SHA256())
        padding = PSS(MGF1(digest), PSS.DIGEST_LENGTH) if self.pss else None
        return _signed(builder.sign(issuer.key, digest, rsa_padding=padding), issuer.key, self.digest)

    @property
    def pem(self) -> bytes:
        return x509.load_der_x509_certificate(self.der).public_bytes(serialization.Encoding.PEM)

    def key_bytes(
        self,
        encoding: serialization.Encoding = serialization.Encoding.DER,
        form: serialization.PrivateFormat = serialization.PrivateFormat.TraditionalOpenSSL,
    ) -> bytes:
        return self.key.private_bytes(encoding, form, serialization.NoEncryption())

    @property
    def key_pem(self) -> bytes:
        return self.key_bytes(serialization.Encoding.PEM)

    @property
    def chain(self) -> tuple["Party", ...]:
        """Itself and its issuers, without the root."""
        if self.issuer is None:
            return (self,)
        return (self,) if self.issuer.issuer is None else (self, *self.issuer.chain)

    @property
    def identity(self) -> ClientIdentity:
        return ClientIdentity(tuple(party.der for party in self.chain), self.key_bytes())

    def write(self, folder: Path) -> tuple[Path, Path]:
        """The chain and the key as PEM files in `folder`."""
        chain, key = folder / f"{self.name}.crt", folder / f"{self.name}.key"
        chain.write_bytes(b"".join(party.pem for party in self.chain))
        key.write_bytes(self.key_pem)
        return chain, key


ROOT = Party("Test root", is_ca=True)
OTHER_ROOT = Party("Other root", is_ca=True)
INTERMEDIATE = Party("Test intermediate", ROOT, is_ca=True)
SERVER = Party("server", INTERMEDIATE)
EXPIRED_SERVER = Party("expired server", ROOT, not_after=datetime(2014, 1, 1, tzinfo=UTC))
FUTURE_SERVER = Party("future server", ROOT, not_before=datetime(2020, 1, 1, tzinfo=UTC))
CLIENT = Party("client", ROOT)
