"""The computing of a TLS handshake: RSA with the keys of the chain and with the module's own. RFC 2246 7.4.

Once the server's hello is done the module checks the chain, encrypts the premaster secret, and signs where the server
has asked for a certificate. Then it sends its next flight; the server waits meanwhile.
"""

from collections.abc import Iterable

from emulator.device.pace import Pace
from emulator.firmware.schema.times import ByMode, Times
from emulator.tls.client import TlsClient, TlsConfiguration

_BITS = 2048
"""Of the key for which the profile gives the times."""


def handshake_seconds(
    times: Times, mode: int, server: int, checked: Iterable[int] = (), own: int | None = None
) -> float:
    """Return the seconds of computing in a full handshake.

    Args:
        times: those of the profile.
        mode: the value of #CPUMODE, 0 where there is none.
        server: the bits of the server's key.
        checked: the bits of each certificate whose signature is checked.
        own: the bits of the module's own key, if it signs.
    """
    computing = times.computing
    public, private = _of_mode(computing.public, mode), _of_mode(computing.private, mode)
    operations = sum((bits / _BITS) ** 2 for bits in (server, *checked))
    signature = 0.0 if own is None else private * (own / _BITS) ** 3
    return times.factor * (public * operations + signature + computing.rest)


def _of_mode(values: ByMode, mode: int) -> float:
    return values[min(mode, len(values) - 1)]


def computing_of(pace: Pace, mode: int, client: TlsClient, configuration: TlsConfiguration, *, signs: bool) -> float:
    """Return the seconds of computing that a handshake takes before the module's last flight."""
    if pace.times is None:
        return 0.0
    if client.resumed or not client.peer_chain:
        return pace.times.factor * pace.times.computing.rest
    from cryptography.x509 import load_der_x509_certificate

    from emulator.tls.security_data import load_identity_key

    chain = [load_der_x509_certificate(der) for der in client.peer_chain]
    bits = [_rsa_bits(certificate.public_key()) for certificate in chain]
    to_check = [size for one, size in zip(chain, bits, strict=True) if one.issuer != one.subject]
    identity = configuration.identity
    own = _rsa_bits(load_identity_key(identity)) if signs and identity is not None else None
    return handshake_seconds(
        pace.times, mode, server=bits[0], checked=to_check if configuration.verify else (), own=own
    )


def _rsa_bits(key: object) -> int:
    """Return the bits of an RSA key; a key on a curve is short, and takes as long as the key of the profile's times."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

    return key.key_size if isinstance(key, RSAPublicKey | RSAPrivateKey) else _BITS
