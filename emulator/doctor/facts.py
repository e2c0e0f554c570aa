"""Gather what the dials have shown of the server."""

from collections.abc import Sequence

from emulator.doctor.certificates import find_path, key_of
from emulator.doctor.dial import DialOutcome
from emulator.doctor.modern import VERSIONS
from emulator.doctor.question import Question
from emulator.doctor.survey import Survey
from emulator.doctor.verdict import Reason, ServerFacts, Verdict


def facts_of(
    question: Question, outcomes: Sequence[DialOutcome], survey: Survey, verdicts: Sequence[Verdict]
) -> ServerFacts:
    """Return what is known about the server after all dials."""
    known = survey.known
    chains = [*(one.chain for one in outcomes), *(one.chain for one in known)]
    chain = next(filter(None, chains), ())
    spoken = {*(one.version for one in outcomes), *(one.version for one in known)}
    used = [one.suite.openssl_name for one in outcomes if one.suite is not None]
    asks = any("certificate_request" in one.heard for one in outcomes) or any(one.asks_certificate for one in known)
    return ServerFacts(
        question.host,
        question.port,
        versions=tuple(version for version in VERSIONS if version in spoken),
        suites=tuple(dict.fromkeys([*used, *(one.suite for one in known if one.suite)])),
        chain=chain,
        key=key_of(chain[0]) if chain else "",
        root=find_path(chain, question.ca).root if chain and question.mode else None,
        needs_name=any(Reason.SERVER_NAME in (verdict.reason, *verdict.also) for verdict in verdicts),
        asks_certificate=asks,
    )
