"""A party with an elliptic key, which no module of this generation can use."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec

from tests.peers.pki import Party


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


class EllipticParty(Party):
    """Signs and is certified with a key on P-256."""

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:  # type: ignore[override]  # what a Party does with keys, both can
        return _key()
