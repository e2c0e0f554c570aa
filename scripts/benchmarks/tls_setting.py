"""Version and suite of a TLS session: the commands that choose them, and the words that OpenSSL's programs have."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_S_CLIENT: Mapping[str, str] = {"TLS 1.0": "-tls1", "TLS 1.2": "-tls1_2", "TLS 1.3": "-tls1_3"}
"""The option of s_client and s_server for one version alone."""


@dataclass(frozen=True)
class TlsSetting:
    """What a module is told before a dial, and what its server and its reference speak."""

    firmware: str
    version: str
    """As profiles have it."""
    suite: str
    """OpenSSL's name."""
    commands: Sequence[str]
    """What chooses suite and version."""
    engines: Sequence[str] = ("native", "openssl")
    fast_dial: bool = False
    """Whether the firmware has #SSLFASTD."""

    @property
    def title(self) -> str:
        """Return the name in a table."""
        return f"{self.firmware} {self.version} {self.suite}"

    @property
    def program_options(self) -> list[str]:
        """Return the options of s_client and s_server."""
        return [_S_CLIENT[self.version], "-cipher", f"{self.suite}:@SECLEVEL=0"]

    @property
    def socat_options(self) -> str:
        """Return the options of socat's OPENSSL address."""
        version = self.version.replace(" ", "")
        limits = f"openssl-min-proto-version={version},openssl-max-proto-version={version}"
        return f"verify=0,cipher={self.suite}:@SECLEVEL=0,{limits}"


HE910 = TlsSetting("HE910", "TLS 1.0", "AES128-SHA", ["AT#SSLSECCFG=1,3,0"])
GE865 = TlsSetting("GE865-QUAD", "TLS 1.0", "AES256-SHA", ["AT#SSLSECCFG=1,3,0"], fast_dial=True)
LE910 = TlsSetting("LE910-EU-V2", "TLS 1.2", "AES128-SHA", ["AT#SSLSECCFG=1,3,0", "AT#SSLSECCFG2=1,3"])
ME910 = TlsSetting(
    "ME910C1-E2",
    "TLS 1.2",
    "ECDHE-RSA-AES128-GCM-SHA256",
    ["AT#SSLSECCFG=1,0,0", "AT#SSLSECCFG2=1,3"],
    ["openssl"],  # the native engine has RSA suites alone
)
