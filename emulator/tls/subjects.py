"""Names the certificates that a server has shown, for who reads the trace."""

from collections.abc import Sequence
from functools import lru_cache

_LONGEST = 120
"""Characters of a name."""


def subjects(chain: Sequence[bytes]) -> list[str]:
    """Return the subjects of certificates in DER, each in one line."""
    return [_subject(certificate) for certificate in chain]


@lru_cache(maxsize=64)
def _subject(certificate: bytes) -> str:
    from cryptography.x509 import load_der_x509_certificate

    try:
        name = load_der_x509_certificate(certificate).subject.rfc4514_string()
    except ValueError:
        return "a certificate that cannot be read"
    return name[:_LONGEST] or "a certificate without a subject"
