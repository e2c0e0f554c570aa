"""Tells a finding once where several firmwares show it."""

from collections.abc import Iterable, Mapping, Sequence

from emulator.explore.findings.finding import Finding
from emulator.explore.findings.signature import Signature, signature_of
from emulator.explore.trials.trial import Result
from emulator.faults.fault import Place


def tell_once(findings: Mapping[str, Sequence[Finding]], healthy: Mapping[str, Result]) -> dict[str, list[Finding]]:
    """Return the findings by firmware, without those that an earlier firmware has shown; that one names the others.

    Args:
        findings: those of each firmware, as they were told for it alone.
        healthy: the healthy run of each firmware, with its census.
    """
    known: dict[Signature, Finding] = {}
    told: dict[str, list[Finding]] = {}
    for firmware, of_it in findings.items():
        signed = [(signature_of(finding.result, _commands(healthy[firmware])), finding) for finding in of_it]
        told[firmware] = [finding for signature, finding in signed if signature not in known]
        for signature, finding in signed:
            if (first := known.get(signature)) is not None:
                first.also = (*first.also, firmware)
                first.runs += finding.runs
        known = {**_by_signature(signed), **known}
    return told


def _by_signature(signed: Iterable[tuple[Signature, Finding]]) -> dict[Signature, Finding]:
    """Return the first one with each signature."""
    return dict(reversed(list(signed)))


def _commands(healthy: Result) -> frozenset[str]:
    census = healthy.census
    return frozenset(passed.command for passed in census.at(Place.COMMAND)) if census is not None else frozenset()
