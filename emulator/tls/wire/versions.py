"""The versions of TLS, each by its rules. Code asks the version for the rule and never compares numbers.

Source: RFC 6101 (SSL 3.0), RFC 2246 (TLS 1.0), RFC 4346 (TLS 1.1), RFC 5246 (TLS 1.2), RFC 8446 (TLS 1.3).
"""

from collections.abc import Iterator
from functools import cache

import msgspec

from emulator.states import Symbol
from emulator.tls.wire.keys import Prf
from emulator.tls.wire.signatures import MD5_AND_SHA1, SignatureForm


class IvRule(Symbol):
    """Source of a block cipher's initialization vector."""

    CHAINED = "the last block of the record before"
    """The first one is cut out of the key block (RFC 2246 6.2.3.2 and 6.3)."""
    EXPLICIT = "in front of each record"
    """It is chosen at random for every record (RFC 4346 6.2.3.2)."""


class ProtocolVersion(msgspec.Struct, frozen=True):
    """A version of TLS with its rules."""

    number: int
    """As `supported_versions` has it; up to TLS 1.2 it is `record_number`, too."""
    name: str
    """As profiles and messages have it."""
    prf: Prf
    """The pseudo-random function (RFC 2246 5, RFC 5246 5), where the suite brings none of its own."""
    iv: IvRule
    finished: tuple[str, ...]
    """Digests of the handshake, side by side, that a Finished proves (RFC 2246 7.4.9), where the suite brings none."""
    signature: SignatureForm | None = None
    """What a CertificateVerify is signed with; None where the hello and the server name the forms."""
    hashes_by_suite: bool = False
    """Whether a suite may bring its own digest for the PRF and the Finished (RFC 5246 5 and 7.4.9)."""
    verify_data_length: int = 12
    hides_handshake: bool = False
    """Whether all behind server_hello is protected, and change_cipher_spec means nothing (RFC 8446 2 and D.4)."""

    @property
    def record_number(self) -> int:
        """The number in records and hellos; there later versions say that of TLS 1.2 (RFC 8446 5.1)."""
        return min(self.number, 0x0303)

    @property
    def openssl_name(self) -> str:
        """The name as MinProtocol of an openssl.cnf has it."""
        return self.name.replace("TLS ", "TLSv").replace("SSL ", "SSLv").removesuffix(".0")

    @property
    def names_signatures(self) -> bool:
        """Whether hello, certificate_request and certificate_verify name forms of signatures (RFC 5246 7.4.1.4.1)."""
        return self.signature is None

    @property
    def alone(self) -> "VersionRange":
        """The range of this version and no other."""
        return VersionRange(self, self)


_LEGACY_DIGESTS = ("md5", "sha1")
_SHA256 = ("sha256",)

SSL_3_0 = ProtocolVersion(
    number=0x0300,
    name="SSL 3.0",
    prf=Prf(_LEGACY_DIGESTS),  # its own is another one (RFC 6101 6.1), which no engine has
    iv=IvRule.CHAINED,
    finished=_LEGACY_DIGESTS,
    signature=MD5_AND_SHA1,
    verify_data_length=36,
)
TLS_1_0 = ProtocolVersion(
    number=0x0301,
    name="TLS 1.0",
    prf=Prf(_LEGACY_DIGESTS),
    iv=IvRule.CHAINED,
    finished=_LEGACY_DIGESTS,
    signature=MD5_AND_SHA1,
)
TLS_1_1 = ProtocolVersion(
    number=0x0302,
    name="TLS 1.1",
    prf=Prf(_LEGACY_DIGESTS),
    iv=IvRule.EXPLICIT,
    finished=_LEGACY_DIGESTS,
    signature=MD5_AND_SHA1,
)
TLS_1_2 = ProtocolVersion(
    number=0x0303,
    name="TLS 1.2",
    prf=Prf(_SHA256),
    iv=IvRule.EXPLICIT,
    finished=_SHA256,
    hashes_by_suite=True,
)
TLS_1_3 = ProtocolVersion(
    number=0x0304,
    name="TLS 1.3",
    prf=Prf(_SHA256),  # keys are derived by HKDF with the digest of the suite (RFC 8446 7.1)
    iv=IvRule.EXPLICIT,
    finished=_SHA256,
    hashes_by_suite=True,
    hides_handshake=True,
)

VERSIONS = {version.name: version for version in (SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3)}
"""Every version, by its name, the oldest first."""


@cache
def _between(lowest: int, highest: int) -> tuple[ProtocolVersion, ...]:
    """Return the versions with these numbers and all between; kept, since one handshake asks a hundred times."""
    return tuple(version for version in VERSIONS.values() if lowest <= version.number <= highest)


class VersionRange(msgspec.Struct, frozen=True):
    """The versions that a hello offers: all from the lowest to the highest."""

    lowest: ProtocolVersion
    highest: ProtocolVersion

    def __post_init__(self) -> None:
        if self.lowest.number > self.highest.number:
            raise ValueError(f"{self.lowest.name} is no older version than {self.highest.name}")

    def __str__(self) -> str:
        if self.lowest is self.highest:
            return self.lowest.name
        return f"{self.lowest.name} to {self.highest.name}"

    def __iter__(self) -> Iterator[ProtocolVersion]:
        """Yield the versions, the oldest first."""
        return iter(_between(self.lowest.number, self.highest.number))

    def __contains__(self, version: object) -> bool:
        return version in _between(self.lowest.number, self.highest.number)

    @property
    def of_hello(self) -> ProtocolVersion:
        """What client_hello.version says; later versions stand in `supported_versions` (RFC 8446 4.1.2)."""
        return self.highest if self.highest.number < TLS_1_2.number else TLS_1_2

    @property
    def of_first_record(self) -> ProtocolVersion:
        """What the record of the hello says: the lowest version that is spoken (RFC 5246 E.1)."""
        of_hello = self.of_hello
        return self.lowest if self.lowest.number < of_hello.number else of_hello

    @property
    def record_numbers(self) -> frozenset[int]:
        """The numbers that records of these versions have."""
        return frozenset(version.record_number for version in self)

    def numbered(self, number: int) -> ProtocolVersion | None:
        """Return the version with this number, None where it is not in the range."""
        return next((version for version in self if version.number == number), None)
