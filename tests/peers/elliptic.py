"""Parties with elliptic keys: on P-256, which only later lines of the modules can use, and on other curves."""

from dataclasses import dataclass, field
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec

from tests.peers.pki import Party


@cache
def _key(name: str, curve: type[ec.EllipticCurve]) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve())


@dataclass(frozen=True)
class EllipticParty(Party):
    """Signs and is certified with a key on a curve."""

    curve: type[ec.EllipticCurve] = field(default=ec.SECP256R1, kw_only=True)

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:  # type: ignore[override]  # what a Party does with keys, both can
        return _key(self.name, self.curve)


ELLIPTIC_ROOT = EllipticParty("Elliptic root", is_ca=True, curve=ec.SECP384R1)
ELLIPTIC_SERVER = EllipticParty("elliptic server", ELLIPTIC_ROOT, digest="sha384")
ELLIPTIC_CLIENT = EllipticParty("elliptic client", ELLIPTIC_ROOT)
