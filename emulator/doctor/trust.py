"""Reasons why a firmware does not accept the chain of a server."""

from datetime import datetime

from emulator.doctor.certificates import (
    ChainPath,
    find_path,
    is_self_signed,
    is_valid_at,
    issuer_of,
    name_of,
    source_of_issuer,
)
from emulator.doctor.finding import Finding, listed, sentence
from emulator.doctor.question import Question
from emulator.doctor.verdict import Reason
from emulator.tls.client import ChainFlaw, ChainRefused

_REASONS = {
    ChainFlaw.FORM: Reason.CHAIN,
    ChainFlaw.SIZE: Reason.SIZE,
    ChainFlaw.PATH: Reason.CHAIN,
    ChainFlaw.DATE: Reason.DATE,
    ChainFlaw.DIGEST: Reason.DIGEST,
    ChainFlaw.KEY: Reason.KEY,
    ChainFlaw.NAME: Reason.SERVER_NAME,
    ChainFlaw.PURPOSE: Reason.KEY,
}


def find_in_chain(refusal: ChainRefused, chain: tuple[bytes, ...], question: Question, today: datetime) -> Finding:
    """Return what the module has against a chain (DER, the server's certificate first)."""
    reason = _REASONS[refusal.flaw]
    if refusal.flaw is ChainFlaw.PATH:
        return Finding(reason, sentence(_missing(find_path(chain, question.ca), chain, question.ca, refusal.detail)))
    text = refusal.detail
    if reason is Reason.DATE and all(is_valid_at(certificate, today) for certificate in chain):
        text += "; set the module's clock first, by +CCLK"
    return Finding(reason, sentence(text))


def find_no_root(chain: tuple[bytes, ...], path: ChainPath) -> Finding:
    """Return the finding that there is no root to store, where none was given."""
    return Finding(Reason.CHAIN, sentence(_missing(path, chain, (), "")))


def _missing(path: ChainPath, chain: tuple[bytes, ...], given: tuple[bytes, ...], detail: str) -> str:
    """Tell which root to store, or which certificate is missing."""
    if path.root is None:
        issuer, url = issuer_of(path.topmost), source_of_issuer(path.topmost)
        where = f" (published at {url})" if url else ""
        return (
            f"the server does not send the certificate {issuer}{where}, which issued {name_of(path.topmost)}: "
            f"add it to the server's chain if it is an intermediate, store it if it is the root"
        )
    root = path.root
    if root.certificate in given:
        return detail
    kept = listed(tuple(name_of(one) for one in given))
    if root.certificate == chain[0]:
        text = f"the server's certificate {root.subject} is self-signed"
    elif any(not is_self_signed(one) for one in given):
        text = f"the CA certificate {kept} is no root"
    else:
        text = f"no path leads from the server's certificate to {kept}"
    return f"{text}: store {root.subject}, which is in {root.source}"
