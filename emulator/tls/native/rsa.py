"""The two RSA operations of a client: to encrypt for the server's key, and to sign with the module's own.

Source: RFC 2246 7.4.7.1 and 7.4.8; both are PKCS #1 block type 2 and 1 (v1.5).
"""

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo

from emulator.tls.client import FailureCause
from emulator.tls.security_data import certificate_key
from emulator.tls.wire.alert_messages import FatalError
from emulator.tls.wire.alerts import Alert

MAX_KEY_BITS = 16384
"""OpenSSL's own limit: beyond it one encryption takes minutes."""


def encrypt_premaster(certificate: bytes, premaster: bytes) -> bytes:
    """Encrypt for the key of a DER certificate.

    Raises:
        FatalError: the certificate has no RSA key that can be used.
    """
    key = encryption_key(certificate)
    try:
        return key.encrypt(premaster, PKCS1v15())
    except ValueError as error:
        raise _unusable(f"the server's RSA key of {key.key_size} bits cannot encrypt: {error}") from error


def encryption_key(certificate: bytes) -> RSAPublicKey:
    """The RSA key in a DER certificate.

    Raises:
        FatalError: there is none, or none that can be used.
    """
    try:
        key = certificate_key(certificate)
    except ValueError as error:
        raise FatalError(Alert.BAD_CERTIFICATE, f"the server's certificate: {error}") from error
    if not isinstance(key, RSAPublicKey):
        raise _unusable("the server's key is no RSA key")
    if key.key_size > MAX_KEY_BITS:
        raise _unusable(f"the server's RSA key has {key.key_size} bits, at most {MAX_KEY_BITS} can be used")
    return key


def _unusable(detail: str) -> FatalError:
    return FatalError(Alert.UNSUPPORTED_CERTIFICATE, detail, FailureCause.KEY_UNUSABLE)


def sign(key: RSAPrivateKey, transcript_digest: bytes) -> bytes:
    """The signature of a CertificateVerify: over MD5 and SHA-1 side by side, with no DigestInfo around them."""
    return key.sign(transcript_digest, PKCS1v15(), NoDigestInfo())
