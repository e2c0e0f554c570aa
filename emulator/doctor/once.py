"""Find each thing once, however many ask for it at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

Found = TypeVar("Found")


class Once:
    """Keeps what was found, by what was asked."""

    def __init__(self) -> None:
        self._answers: dict[Hashable, asyncio.Future[Any]] = {}

    def __repr__(self) -> str:
        return f"<Once, {len(self._answers)} answers>"

    def __len__(self) -> int:
        return len(self._answers)

    async def ask(self, asked: Hashable, find: Callable[[], Awaitable[Found]]) -> Found:
        """Return what `find` finds; it is called for the first who asks, and all others wait with that one."""
        if asked not in self._answers:
            self._answers[asked] = asyncio.ensure_future(find())
        found: Found = await self._answers[asked]
        return found

    @property
    def found(self) -> tuple[Any, ...]:
        """Return all that was found so far, in the order in which it was asked for."""
        return tuple(answer.result() for answer in self._answers.values() if _is_found(answer))


def _is_found(answer: "asyncio.Future[Any]") -> bool:
    return answer.done() and not answer.cancelled() and answer.exception() is None
