"""Write security data as the host enters it: in the form that a firmware takes."""

import ssl

from emulator.device.ssl.item import Format
from emulator.firmware.schema.ssl import SecurityDataFormats


def certificates_as_entered(certificates: tuple[bytes, ...], formats: SecurityDataFormats) -> tuple[bytes, Format]:
    """Return certificates (DER) in PEM, its lines ended by LF; or in DER where only that is short enough."""
    text = "".join(map(ssl.DER_cert_to_PEM_cert, certificates)).encode()
    if len(text) > formats.size_limit and formats.choosable and len(certificates) == 1:
        return certificates[0], "DER"
    return text, "PEM"


def key_as_entered(key: bytes, formats: SecurityDataFormats) -> tuple[bytes, Format]:
    """Return a private key (DER) in PEM, in the first structure that the firmware takes and the key can have."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    from emulator.tls.security_data import load_private_key

    loaded = load_private_key(key)
    foreign = "sec1" if isinstance(loaded, RSAPrivateKey) else "pkcs1"
    possible = [structure for structure in formats.private_keys if structure != foreign] or ["pkcs8"]
    structure = PrivateFormat.PKCS8 if possible[0] == "pkcs8" else PrivateFormat.TraditionalOpenSSL
    return loaded.private_bytes(Encoding.PEM, structure, NoEncryption()), "PEM"
