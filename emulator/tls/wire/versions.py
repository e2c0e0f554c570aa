"""The versions of TLS, each by its rules. Code asks the version for the rule and never compares numbers.

Source: RFC 2246 (TLS 1.0), RFC 4346 (TLS 1.1), RFC 5246 (TLS 1.2).
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from emulator.tls.wire.keys import Prf


class IvRule(Enum):
    """Source of a block cipher's initialization vector."""

    CHAINED = "the last block of the record before"
    """The first one is cut out of the key block (RFC 2246 6.2.3.2 and 6.3)."""
    EXPLICIT = "in front of each record"
    """It is chosen at random for every record (RFC 4346 6.2.3.2)."""


class SignatureForm(NamedTuple):
    """Form of a CertificateVerify's signature with an RSA key, by PKCS #1 v1.5."""

    digests: tuple[str, ...]
    """Digests of the handshake so far; two stand side by side without a DigestInfo (RFC 2246 7.4.8)."""
    code: bytes = b""
    """The SignatureAndHashAlgorithm that names it (RFC 5246 7.4.1.4.1); empty where the version has no names."""


@dataclass(frozen=True)
class ProtocolVersion:
    """A version of TLS with its rules."""

    number: int
    """As it stands in records, hellos and the premaster secret."""
    name: str
    """As profiles and messages have it."""
    prf: Prf
    """The pseudo-random function (RFC 2246 5, RFC 5246 5)."""
    iv: IvRule
    finished: tuple[str, ...]
    """Digests of the handshake, side by side, that a Finished proves (RFC 2246 7.4.9, RFC 5246 7.4.9)."""
    signatures: tuple[SignatureForm, ...]
    """What a CertificateVerify may be signed with, the preferred form first."""
    verify_data_length: int = 12

    @property
    def openssl_name(self) -> str:
        """The name as MinProtocol of an openssl.cnf has it."""
        return self.name.replace("TLS ", "TLSv").removesuffix(".0")

    @property
    def names_signatures(self) -> bool:
        """Whether hello, certificate_request and certificate_verify name forms of signatures (RFC 5246 7.4.1.4.1)."""
        return self.signatures[0].code != b""

    def verify_data(self, master_secret: bytes, label: bytes, handshake_digest: bytes) -> bytes:
        """Return what a Finished says; `label` is `client finished` or `server finished`, the digest by `finished`."""
        return self.prf(master_secret, label, handshake_digest, self.verify_data_length)


_MD5_AND_SHA1 = ("md5", "sha1")
_SHA256 = ("sha256",)

TLS_1_0 = ProtocolVersion(
    number=0x0301,
    name="TLS 1.0",
    prf=Prf(_MD5_AND_SHA1),
    iv=IvRule.CHAINED,
    finished=_MD5_AND_SHA1,
    signatures=(SignatureForm(_MD5_AND_SHA1),),
)
TLS_1_1 = ProtocolVersion(
    number=0x0302,
    name="TLS 1.1",
    prf=Prf(_MD5_AND_SHA1),
    iv=IvRule.EXPLICIT,
    finished=_MD5_AND_SHA1,
    signatures=(SignatureForm(_MD5_AND_SHA1),),
)
TLS_1_2 = ProtocolVersion(
    number=0x0303,
    name="TLS 1.2",
    prf=Prf(_SHA256),
    iv=IvRule.EXPLICIT,
    finished=_SHA256,
    signatures=(SignatureForm(_SHA256, code=b"\x04\x01"), SignatureForm(("sha1",), code=b"\x02\x01")),
)

VERSIONS = {version.name: version for version in (TLS_1_0, TLS_1_1, TLS_1_2)}
"""Every version that an engine can speak, by its name."""
