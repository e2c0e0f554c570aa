"""Holds what all formats of a report tell: the results by chapter and by command."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from emulator.commands.catalogue import chapter_commands, chapters
from emulator.conformance.session import ParitySession
from emulator.conformance.verdict import PARTED, Result, Verdict, worst


@dataclass(frozen=True)
class CommandReport:
    """What came of one command."""

    name: str
    results: Sequence[Result]

    @cached_property
    def verdict(self) -> Verdict:
        """Return the verdict on the command."""
        return worst([result.verdict for result in self.results])

    @property
    def parted(self) -> Sequence[Result]:
        """Return the exchanges in which module and emulator are not alike."""
        return [result for result in self.results if result.verdict in PARTED]

    @property
    def whys(self) -> Sequence[str]:
        """Return the reasons of the verdict, each once."""
        return list(dict.fromkeys(result.why for result in self.results if result.verdict is self.verdict))


@dataclass(frozen=True)
class ChapterReport:
    """The commands of one chapter."""

    name: str
    commands: Sequence[CommandReport]

    @property
    def counts(self) -> Mapping[Verdict, int]:
        """Return how many commands had which verdict."""
        return _counted([command.verdict for command in self.commands])


@dataclass(frozen=True)
class Report:
    """What came of comparing a module with a firmware."""

    session: ParitySession
    program: str
    """The command line, as it is typed."""

    @cached_property
    def results(self) -> Sequence[Result]:
        """Return the exchanges, in the order in which they were played."""
        return self.session.judged

    @cached_property
    def chapters(self) -> Sequence[ChapterReport]:
        """Return the chapters, by name."""
        found: dict[str, dict[str, list[Result]]] = {}
        for result in self.results:
            chapter = found.setdefault(_chapter_of(result), {})
            chapter.setdefault(result.command, []).append(result)
        return [
            ChapterReport(name, [CommandReport(command, results) for command, results in commands.items()])
            for name, commands in sorted(found.items())
        ]

    @property
    def commands(self) -> Sequence[CommandReport]:
        """Return the commands, chapter by chapter."""
        return [command for chapter in self.chapters for command in chapter.commands]

    @property
    def parted(self) -> Sequence[CommandReport]:
        """Return the commands in which module and emulator are not alike."""
        return [command for command in self.commands if command.verdict in PARTED]

    @property
    def command_counts(self) -> Mapping[Verdict, int]:
        """Return how many commands had which verdict."""
        return _counted([command.verdict for command in self.commands])

    @property
    def exchange_counts(self) -> Mapping[Verdict, int]:
        """Return how many exchanges had which verdict."""
        return _counted([result.verdict for result in self.results])

    @property
    def untried(self) -> Mapping[str, Sequence[str]]:
        """Return why something was not tried, and the commands of which."""
        found: dict[str, dict[str, None]] = {}
        for result in self.results:
            if result.verdict is Verdict.NOT_TRIED:
                found.setdefault(result.why, {})[result.command] = None
        return {why: list(names) for why, names in found.items()}

    @property
    def title(self) -> str:
        """Return what came of it, in one line."""
        counts = ", ".join(f"{verdict} {count}" for verdict, count in self.command_counts.items() if count)
        broken_off = f"; {self.session.broken_off}" if self.session.broken_off else ""
        return f"{counts or 'nothing was played'}{broken_off}"


def _counted(verdicts: Sequence[Verdict]) -> Mapping[Verdict, int]:
    counts = Counter(verdicts)
    return {verdict: counts[verdict] for verdict in Verdict}


def _chapter_of(result: Result) -> str:
    return result.item.chapter if result.command == result.item.command else _chapters().get(result.command, "other")


@lru_cache(maxsize=1)
def _chapters() -> Mapping[str, str]:
    return {name: chapter for chapter in chapters() for command in chapter_commands(chapter) for name in command.names}
