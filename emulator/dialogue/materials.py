"""Certificates of a dialogue: those of the peer, and those that the dialogue names in braces."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from emulator.lab.loopback import CHAIN, KEY
from emulator.resources import CERTS


@dataclass(frozen=True)
class Materials:
    """The peer's certificate chain and key, as PEM files, and the values of `texts.VALUES`."""

    chain: Sequence[Path]
    """Its own first."""
    key: Path
    values: Mapping[str, bytes]


def demo_materials() -> Materials:
    """Return the public demo certificates in `certs/`."""
    names = {
        "ca": "ca.pem",
        "ca_der": "ca.der",
        "other_ca": "other-ca.pem",
        "certificate": "client.pem",
        "key": "client-key.pem",
    }
    return Materials(CHAIN, KEY, {name: (CERTS / f"public-demo-{file}").read_bytes() for name, file in names.items()})
