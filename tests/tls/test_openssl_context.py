"""The contexts of the OpenSSL engine: sessions with the same parameters share one."""

import gc
import weakref

from emulator.tls.openssl.context import Profile, context_of
from emulator.tls.wire.suites import KeyExchange, suites_of
from emulator.tls.wire.versions import TLS_1_2


def test_sessions_with_the_same_parameters_share_a_context() -> None:
    """It takes more memory than a session, and longer to make; others have another one."""
    suites = suites_of(TLS_1_2, KeyExchange.RSA)
    profile = Profile(TLS_1_2.alone, suites)

    context = context_of(profile)

    assert context_of(Profile(TLS_1_2.alone, suites)) is context
    assert context_of(Profile(TLS_1_2.alone, suites[:1])) is not context


def test_a_context_is_kept_for_the_next_session_and_forgotten_behind_many_others() -> None:
    """A modem that dials again and again makes one; it goes one day, with the key that it may hold."""
    profile = Profile(TLS_1_2.alone, ())
    left = weakref.ref(context_of(profile))

    gc.collect()
    assert context_of(profile) is left()

    for number in range(64):
        context_of(Profile(TLS_1_2.alone, (), server_name=f"server{number}"))
    gc.collect()
    assert left() is None
