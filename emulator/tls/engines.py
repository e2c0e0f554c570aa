"""Choose the engine of a session: one whose ClientHello is exactly the profile's.

OpenSSL is taken where it can say the hello, since it is what the world's servers are tested with. The hello of the
guide's modules has no renegotiation SCSV (00ff), which pyOpenSSL cannot leave out; the native engine says theirs.
"""

from collections.abc import Callable, Iterator
from importlib import import_module

from emulator.tls.client import EngineChoice, FailureCause, TlsConfiguration, TlsEngine, TlsFailure, require


def _openssl() -> TlsEngine:
    from emulator.tls.openssl.engine import OpensslEngine

    return OpensslEngine()


def _native() -> TlsEngine:
    from emulator.tls.native.client import NativeEngine

    return NativeEngine()


_AUTO = "auto"
_ENGINES: dict[str, Callable[[], TlsEngine]] = {"openssl": _openssl, "native": _native}
"""The engines, in the order in which `auto` asks them."""

ENGINE_NAMES = (_AUTO, *_ENGINES)


def select_engine(name: str, configuration: TlsConfiguration) -> EngineChoice:
    """Return an engine by its name in ENGINE_NAMES; `auto` is the first that says `configuration.hello` to the byte.

    Raises:
        TlsFailure: it cannot offer every version or suite, or `auto` finds none that says the hello. UNSUPPORTED.
        ValueError: there is no engine of that name.
    """
    if name == _AUTO:
        return _exact(configuration)
    if name not in _ENGINES:
        raise ValueError(f"no TLS engine is called {name!r}, there are {', '.join(ENGINE_NAMES)}")
    engine = _ENGINES[name]()
    require(engine, configuration)
    deviation = engine.deviation(configuration)
    return EngineChoice(engine, f"asked for, though it {deviation}" if deviation else "asked for")


def _exact(configuration: TlsConfiguration) -> EngineChoice:
    deviations: list[str] = []
    for make in _ENGINES.values():
        engine = make()
        deviation = engine.deviation(configuration)
        if deviation is None:
            require(engine, configuration)
            return EngineChoice(engine, "; ".join(deviations) or "says the hello of the profile")
        deviations.append(f"{engine.name} {deviation}")
    told = f"no engine can say the hello of the profile, and one that is named says its own: {'; '.join(deviations)}"
    raise TlsFailure(FailureCause.UNSUPPORTED, told)


_LOADED_BY_A_SESSION = (
    "cryptography.hazmat.bindings._rust",
    "cryptography.x509",
    "cryptography.hazmat.primitives.serialization",
    "OpenSSL.SSL",
    "emulator.tls.trust",
    "emulator.tls.native.client",
    "emulator.tls.openssl.engine",
)
"""What the first session of a process loads, the lowest first, so that none of them takes long by itself."""


def loading() -> Iterator[str]:
    """Load what sessions need, a module at each step; the first session is then as quick as later ones."""
    for name in _LOADED_BY_A_SESSION:
        import_module(name)
        yield name
