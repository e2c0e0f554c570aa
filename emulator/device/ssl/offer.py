"""Keep what the hellos of a secure socket offer, and the engine that says it: only settings change them."""

import msgspec

from emulator.firmware.schema.ssl import SecureSocket as SecureSocketProfile
from emulator.tls.client import EngineChoice, TlsConfiguration
from emulator.tls.wire.signatures import rsa_schemes
from emulator.tls.wire.versions import VersionRange


class OfferSettings(msgspec.Struct, frozen=True):
    """What decides on an offer, besides the profile."""

    cipher_suite: int
    """<cipher_suite> of #SSLSECCFG."""
    version: int
    """<version> of #SSLSECCFG2."""
    server_name: str | None
    """What the hello calls the server; None where it does not."""


class Offer:
    """What hellos with the same settings have in common."""

    def __init__(self, profile: SecureSocketProfile, settings: OfferSettings, versions: VersionRange) -> None:
        hello = profile.hello
        self.settings = settings
        self.configuration = TlsConfiguration(
            suites=profile.offer(settings.cipher_suite, versions),
            versions=versions,
            scsv=hello.says_scsv(versions),
            extensions=hello.extensions_with(versions),
            server_name=settings.server_name,
            signatures=hello.schemes or rsa_schemes(profile.trust.digests),
            groups=hello.named_groups,
            dh_bits=profile.trust.dh_bits,
        )
        """Without what belongs to one dial: trust, identity, session and observer."""
        self._choice: EngineChoice | None = None

    def __repr__(self) -> str:
        return f"<Offer {self.settings}>"

    def engine(self, name: str) -> EngineChoice:
        """Return the engine that says it; `name` is the same each time.

        Raises:
            TlsFailure: no engine can say it.
        """
        from emulator.tls.engines import select_engine  # the engines are loaded when the first session is dialled

        if self._choice is None:
            self._choice = select_engine(name, self.configuration)
        return self._choice
