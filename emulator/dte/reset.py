"""Resets a module to a factory-like state, as before a dialogue or a test; what it had is not kept."""

from emulator.dte.module_line import ModuleLine

_RESET = ("AT#FTPCLOSE", "AT#SSLH=1", "AT#SSLEN=1,0", "AT#SGACT=1,0", "AT&F1")
"""Commands of the reset. Errors are ignored: there may be nothing to close."""
_LONGEST = 20.0
"""Longest time to close a connection, in seconds."""


def reset(module: ModuleLine) -> None:
    """Close connections and restore the factory settings, also those of results; the module is in command mode.

    Raises:
        UserError: the port has failed, or the module does not answer.
    """
    for command in _RESET:
        module.ask(command, _LONGEST)
    module.leave_with(module.wake())
