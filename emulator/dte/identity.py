"""The identity of the module at a line: maker, model and revision."""

from dataclasses import dataclass

from emulator.dte.module_line import ModuleLine
from emulator.errors import UserError

_MAKER = "Telit"


@dataclass(frozen=True)
class Identity:
    """What the module says of itself."""

    maker: str
    model: str
    revision: str

    def __str__(self) -> str:
        return f"{self.model} {self.revision}"


def identify(module: ModuleLine) -> Identity:
    """Ask for maker, model and revision.

    Raises:
        UserError: it is another maker's modem.
    """
    maker, model, revision = (_answer(module, command) for command in ("AT+CGMI", "AT+CGMM", "AT+CGMR"))
    if not maker.upper().startswith(_MAKER.upper()):
        raise UserError(
            f"{module.name}: the modem there is made by {maker or 'nobody it names'}; only Telit's are known"
        )
    return Identity(maker, model, revision)


def _answer(module: ModuleLine, command: str) -> str:
    """Return the first line of the answer, without the name of the command that some models put before it."""
    exchange = module.ask(command)
    first = exchange.lines[0] if exchange.is_ok and exchange.lines else ""
    return first.removeprefix(f"{command[2:]}:").strip(' "')
