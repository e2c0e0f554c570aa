"""URCs of calls: +CUSD, the network's answer to the AT instance that has sent a code. 27.007 7.15."""

from emulator.commands.calls.service_codes import written_answer
from emulator.commands.context import Context

_NOT_SUPPORTED = 4
"""<m>: the network does not know the code."""


def report_answer(at: Context, code: str) -> None:
    """Report what the network answers to a code, behind the OK; it knows the codes of the profile."""
    answer = next((known.answer for known in at.profile.network.services.ussd if known.code == code), None)
    if answer is None:
        text = f"+CUSD: {_NOT_SUPPORTED}"
    else:
        shown, scheme = written_answer(at, answer)
        text = f'+CUSD: 0,"{shown}",{scheme}'
    at.instance.after_answer(lambda: at.instance.notify(text))
