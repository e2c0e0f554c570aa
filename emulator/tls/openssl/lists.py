"""The lists of groups and of signature algorithms, which pyOpenSSL has no calls for.

`cryptography` binds OpenSSL's own calls for them. Where a version of it does not, the lists stay OpenSSL's; what a
build does not have, as MD5, is left out of them. The hello shows both, and `deviation` says so.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from cryptography.hazmat.bindings.openssl.binding import Binding
from OpenSSL import SSL

from emulator.tls.wire.extensions import NamedGroup
from emulator.tls.wire.signatures import SignatureScheme


def set_groups(context: SSL.Context, groups: Sequence[NamedGroup]) -> None:
    """Offer those of these groups that OpenSSL has, and a key share of the first.

    Raises:
        SSL.Error: it has none of them.
    """
    _set("SSL_CTX_set1_curves_list", context, (group.name.lower() for group in groups))


def set_signatures(context: SSL.Context, schemes: Sequence[SignatureScheme]) -> None:
    """Offer those of these signature algorithms that OpenSSL has.

    Raises:
        SSL.Error: it has none of them.
    """
    names = (f"{'ECDSA' if scheme.key == 'EC' else scheme.key}+{scheme.digest}" for scheme in schemes)
    _set("SSL_CTX_set1_sigalgs_list", context, names)


def _set(name: str, context: Any, words: Iterable[str]) -> None:
    library = Binding().lib
    call = getattr(library, name, None)
    if call is None:
        return
    wanted = list(words)
    had = [word for word in wanted if call(context._context, word.encode()) == 1]
    library.ERR_clear_error()
    if call(context._context, ":".join(had).encode()) != 1:
        library.ERR_clear_error()
        raise SSL.Error([("SSL routines", name, f"it has none of {':'.join(wanted)}")])
