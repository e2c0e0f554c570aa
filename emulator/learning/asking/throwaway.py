"""Keys and certificates that are made on the fly, to see which of them a module stores; nobody ever uses them."""

from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_RSA_BITS = 1024
"""The shortest that OpenSSL makes willingly, so that the text is short."""
_BEGINNING = datetime(2010, 1, 1)


@cache
def certificate() -> bytes:
    """Return a certificate of its own as PEM, its lines ended by LF."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization

    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x")])
    builder = x509.CertificateBuilder(name, name, _rsa().public_key(), 1, _BEGINNING, _BEGINNING + timedelta(20000))
    return builder.sign(_rsa(), hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@cache
def rsa_key(structure: str) -> bytes:
    """Return an RSA key as PEM, in the structure `pkcs1` or `pkcs8`."""
    return _pem(_rsa(), structure)


@cache
def curve_key(curve: str, structure: str) -> bytes:
    """Return a key on a curve as PEM, in the structure `sec1` or `pkcs8`."""
    from cryptography.hazmat.primitives.asymmetric import ec

    return _pem(ec.generate_private_key(getattr(ec, curve.upper())()), structure)


@cache
def _rsa() -> "RSAPrivateKey":
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    return generate_private_key(65537, _RSA_BITS)


def _pem(key: "RSAPrivateKey | EllipticCurvePrivateKey", structure: str) -> bytes:
    from cryptography.hazmat.primitives import serialization

    form = serialization.PrivateFormat
    shape = form.PKCS8 if structure == "pkcs8" else form.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, shape, serialization.NoEncryption())
