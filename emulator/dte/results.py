"""How a module shows results: the echo, and words, numbers or nothing for result codes (V.250 6.2.4 to 6.2.6)."""

import re
from dataclasses import dataclass

from emulator.dte.exchange import Exchange

_WORDS = re.compile(r"\r\nOK\r\n\Z")
_NUMBER = re.compile(r"(?:^|\r)0\r\Z")


@dataclass(frozen=True)
class Results:
    """The settings E, Q and V."""

    echo: bool = True
    quiet: bool = False
    verbose: bool = True

    @property
    def command(self) -> str:
        """Return the command that sets them."""
        return f"ATE{self.echo:d}V{self.verbose:d}Q{self.quiet:d}"


def results_of(exchange: Exchange) -> Results | None:
    """Read the answer to `AT`, or to the `ATQ0` that ends a silence; None where there is none."""
    echo, quiet = exchange.said.lstrip("\r\n").startswith(exchange.sent), exchange.sent != "AT"
    if _WORDS.search(exchange.said):
        return Results(echo, quiet)
    if _NUMBER.search(exchange.said):
        return Results(echo, quiet, verbose=False)
    return None
