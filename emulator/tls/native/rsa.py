"""The two RSA operations of a client: encrypt for the server's key, sign with the module's own.

Source: RFC 2246 7.4.7.1 and 7.4.8, RFC 5246 7.4.8; both are PKCS #1 block type 2 and 1 (v1.5).
"""

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import NoDigestInfo, Prehashed

from emulator.tls.decisions import unusable_key
from emulator.tls.native.ciphers import HASHES


def encrypt_premaster(key: RSAPublicKey, premaster: bytes) -> bytes:
    """Encrypt for the server's key.

    Raises:
        FatalError: the key is too short.
    """
    try:
        return key.encrypt(premaster, PKCS1v15())
    except ValueError as error:
        raise unusable_key(f"the server's RSA key of {key.key_size} bits cannot encrypt: {error}") from error


def sign(key: RSAPrivateKey, digests: tuple[str, ...], digest: bytes) -> bytes:
    """Return the signature of a CertificateVerify over the handshake's digest, which is by `digests` side by side.

    A DigestInfo names one digest; two have none around them (RFC 2246 7.4.8).
    """
    return key.sign(digest, PKCS1v15(), NoDigestInfo() if len(digests) > 1 else Prehashed(HASHES[digests[0]]))
