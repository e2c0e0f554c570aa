"""Reasons that have nothing to do with TLS: the server cannot be reached, or what listens there speaks no TLS."""

from emulator.doctor.dial import DialOutcome, End
from emulator.doctor.finding import Finding, sentence
from emulator.doctor.modern import ModernEnd
from emulator.doctor.question import Question
from emulator.doctor.survey import Survey
from emulator.doctor.verdict import Reason
from emulator.tls.client import FailureCause

_LONGEST_LINE = 60


def find_no_connection(question: Question, outcome: DialOutcome) -> Finding | None:
    """Return why there is no connection; None when there is one."""
    address = question.address
    match outcome.end:
        case End.NO_NAME:
            why = f" ({outcome.detail})" if outcome.detail else ""
            return Finding(Reason.NAME, sentence(f"the name {question.host} cannot be resolved{why}"))
        case End.REFUSED:
            return Finding(Reason.REFUSED, sentence(f"nothing listens at {address}: the connection is refused"))
        case End.UNREACHABLE:
            return Finding(Reason.REFUSED, sentence(f"there is no way to {address}: {outcome.detail.lower()}"))
        case End.NO_CONNECTION:
            text = f"nobody answers at {address} within {question.timeout:g} s: a firewall, or no such host"
            return Finding(Reason.SILENCE, sentence(text))
    return None


async def find_no_tls(question: Question, outcome: DialOutcome, survey: Survey) -> Finding | None:
    """Return why no client at all could make a handshake; None where a modern one can."""
    general = await survey.general()
    if general.answers:
        return None
    if general.end is ModernEnd.NO_TLS or outcome.cause is FailureCause.NOT_TLS or "client_hello" in outcome.heard:
        return _no_tls(general.heard)
    if general.end not in (ModernEnd.SILENCE, ModernEnd.CLOSED):
        return None
    said = await survey.says()
    if said and _is_text(said):
        return _no_tls(said)
    if general.end is ModernEnd.SILENCE:
        text = f"the server accepts the connection and says nothing for {question.timeout:g} s, to no client"
        return Finding(Reason.SILENCE, sentence(text))
    return Finding(Reason.CLOSED, "The server closes the connection at once, whoever dials.")


def _no_tls(said: bytes) -> Finding:
    text = "what answers there speaks no TLS"
    if _is_text(said):
        line = said.strip().splitlines()[0].decode()[:_LONGEST_LINE]
        text += f'; it says "{line}"'
    elif said:
        text += "; it sends back what it hears, or bytes that are no record of TLS"
    return Finding(Reason.NO_TLS, sentence(text))


def _is_text(said: bytes) -> bool:
    line = said.strip().splitlines()[0] if said.strip() else b""
    return bool(line) and line.isascii() and line.decode().isprintable()
