"""Choose the engine of a session.

OpenSSL is taken where it can offer everything asked for, since it is what the world's servers are tested with. Its
hello carries one entry more than a module's: the renegotiation SCSV 00ff, which pyOpenSSL cannot leave out. Whoever
needs the wire exact to the byte asks for the native engine.
"""

from collections.abc import Callable, Sequence

from emulator.tls.client import TlsEngine, require
from emulator.tls.wire.suites import CipherSuite
from emulator.tls.wire.versions import ProtocolVersion


def _openssl() -> TlsEngine:
    from emulator.tls.openssl import OpensslEngine

    return OpensslEngine()


def _native() -> TlsEngine:
    from emulator.tls.native.client import NativeEngine

    return NativeEngine()


_ENGINES: dict[str, Callable[[], TlsEngine]] = {"openssl": _openssl, "native": _native}

ENGINE_NAMES = ("auto", *_ENGINES)


def select_engine(name: str, suites: Sequence[CipherSuite], version: ProtocolVersion) -> TlsEngine:
    """Return an engine by its name in ENGINE_NAMES; `auto` is OpenSSL where its build has all `suites`, else native.

    Raises:
        TlsFailure: it cannot offer all of `suites` in `version`; it never offers less. UNSUPPORTED.
        ValueError: there is no engine of that name.
    """
    if name == "auto":
        openssl = _openssl()
        engine = openssl if openssl.supports(suites, version) else _native()
    elif name in _ENGINES:
        engine = _ENGINES[name]()
    else:
        raise ValueError(f"no TLS engine is called {name!r}, there are {', '.join(ENGINE_NAMES)}")
    require(engine, suites, version)
    return engine
