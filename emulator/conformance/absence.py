"""Finds the commands that exist on one side only."""

from collections.abc import Sequence
from dataclasses import replace

from emulator.commands.catalogue import command_table
from emulator.conformance.verdict import Result, Verdict
from emulator.dte.exchange import Exchange
from emulator.firmware.loader import Firmware

_UNKNOWN = (3, 4, 100)
"""Errors of 27.007 that a module may give to a command that it lacks: not allowed, not supported, unknown."""


def with_absences(results: Sequence[Result], firmware: Firmware) -> Sequence[Result]:
    """Return the results; those that differ because a command is missing on one side say so."""
    known = set(command_table(firmware).names())
    by_command: dict[str, list[Result]] = {}
    for result in results:
        by_command.setdefault(result.command, []).append(result)
    whys = {command: _absence(command, of_it, known) for command, of_it in by_command.items()}
    return [
        replace(result, verdict=Verdict.NOT_THERE, why=whys[result.command].format(firmware=firmware.name))
        if result.verdict is Verdict.DIFFERS and whys[result.command]
        else result
        for result in results
    ]


def _absence(command: str, results: Sequence[Result], known: set[str]) -> str:
    """Return which side lacks a command, in words; empty where both have it, or nothing shows it."""
    played = [result for result in results if result.verdict in (Verdict.AGREED, Verdict.DIFFERS)]
    if command not in known:
        accepted = any(_is_accepted(result.module.text) for result in played)
        return "the emulated {firmware} has no such command" if accepted else ""
    asked = any(_is_question(result) and _is_accepted(result.emulated.text) for result in played)
    return (
        "the module has no such command" if asked and all(_is_unknown(result.module.text) for result in played) else ""
    )


def _is_question(result: Result) -> bool:
    return result.sent.endswith("?")


def _is_accepted(said: str) -> bool:
    exchange = Exchange("", said)
    return exchange.is_prompt or (exchange.final is not None and exchange.refusal is None)


def _is_unknown(said: str) -> bool:
    refusal = Exchange("", said).refusal
    return refusal is not None and (not refusal.family or refusal.code in _UNKNOWN)
