"""Names the gateway that leads an emulated module to a server which no module reaches."""

from collections.abc import Sequence

from emulator.doctor.question import Question
from emulator.doctor.verdict import Reason, Verdict

_MODERN = ("TLS 1.2", "TLS 1.3")
_TARGETS = {
    Reason.VERSION: "gateway+tls",
    Reason.SUITES: "gateway+tls",
    Reason.KEY: "gateway+tls",
    Reason.SIZE: "gateway+tls",
    Reason.DIGEST: "gateway+tls",
    Reason.SERVER_NAME: "gateway+tls",
    Reason.NO_TLS: "gateway",
}
"""By the reason that a gateway removes: what it speaks to the server."""


def detour(verdicts: Sequence[Verdict], question: Question) -> str:
    """Return the value of `--route` with which the server can stay as it is; empty where a gateway is no help."""
    for verdict in verdicts:
        target = _TARGETS.get(verdict.reason) if verdict.reason is not None else None
        speaks = set(_MODERN) & set(verdict.server.versions)
        if target is not None and (speaks or verdict.reason is Reason.NO_TLS):
            return f"{question.address}={target}:{question.address}"
    return ""
