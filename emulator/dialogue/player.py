"""Plays a dialogue: sends the host's lines, plays the peer, and compares the module's output."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from emulator.dialogue.difference import Difference
from emulator.dialogue.expectation import Expectation, Expected
from emulator.dialogue.line import DialogueLine
from emulator.dialogue.peer_player import PeerPlayer, refuse_without_peer
from emulator.dialogue.pieces import Piece, pieces
from emulator.dialogue.shapes import Pattern
from emulator.dialogue.steps import (
    Answer,
    Dialogue,
    Escape,
    PeerStep,
    Poll,
    Said,
    Send,
    Step,
    Wait,
)
from emulator.dialogue.texts import Text, as_bytes, as_pattern
from emulator.dte.escaping import GUARD_TIME

if TYPE_CHECKING:
    from emulator.dialogue.emulated import EmulatedPeer

_POLL_INTERVAL = 1.0
"""Seconds from a wrong answer to the next try."""
_POLL_SILENCE = 5.0
"""Seconds without a word that are a wrong answer: the module may be restarting."""
_POLL_LOOKS = 50
"""How often the line is looked at in that time."""


class Player:
    """Play one dialogue once."""

    def __init__(
        self, dialogue: Dialogue, line: DialogueLine, values: Mapping[str, bytes], peer: "EmulatedPeer | None" = None
    ) -> None:
        """Take what is needed; nothing is played yet.

        Args:
            dialogue: what is played.
            line: to the module.
            values: what `texts.VALUES` stand for.
            peer: the other side of the module's connections; None where there is a real network.

        Raises:
            UserError: the dialogue needs a peer, and there is none; the message names the line.
        """
        if peer is None:
            refuse_without_peer(dialogue)
        self._dialogue = dialogue
        self._line = line
        self._values = values
        self._peer = PeerPlayer(dialogue, peer, values, line) if peer is not None else None
        self._waited = 0.0
        """Seconds of the module between the tries of polls."""
        self._expectation = Expectation([self._framed(text) for text in dialogue.unsolicited])

    def __repr__(self) -> str:
        return f"<Player of {self._dialogue.name} on {self._line.name}>"

    async def play(self) -> None:
        """Play every step in turn.

        Raises:
            Difference: the first one; what follows is not played.
        """
        for step in self._dialogue.steps:
            await self._do(step)
        await self._expect_no_more(len(self._dialogue.written) + 1)

    async def _do(self, step: Step) -> None:
        match step:
            case Answer():
                await self._hear(step, self._limit(step), partial(self._line.hear, step.within))
            case Send(text=text):
                await self._expect_no_more(step.at.first)
                self._line.send(as_bytes(text, self._values))
            case Poll():
                await self._poll(step)
            case Wait(seconds=seconds):
                await self._line.wait(seconds)
            case Escape():
                await self._expect_no_more(step.at.first)
                await self._line.wait(GUARD_TIME)
                self._line.send(b"+++")
                await self._line.wait(GUARD_TIME)
            case PeerStep():
                assert self._peer is not None
                await self._peer.do(step)

    async def _hear(self, answer: Answer, limit: float, listen: Callable[[], Awaitable[bytes]]) -> None:
        """Compare the output that `listen` returns with the answer; `limit` is its timeout in seconds."""
        expectation = self._expectation.then([self._filled(said) for said in answer.said])
        expectation.feed(self._line.read())
        while not expectation.is_met:
            if expectation.is_stuck:
                expectation.feed(await self._line.rest())
                raise self._instead(answer, expectation, "the module says something else")
            heard = await listen()
            if not heard:
                raise self._instead(answer, expectation, f"the module has said no more within {limit:g} s")
            expectation.feed(heard)
        self._expectation = expectation

    async def _poll(self, poll: Poll) -> None:
        await self._expect_no_more(poll.at.first)
        limit = self._limit(poll.answer)
        begun = self._waited
        while True:
            self._line.send(as_bytes(poll.text, self._values))
            try:
                return await self._hear(poll.answer, limit, self._listen_briefly)
            except Difference:
                if self._waited - begun >= limit:
                    raise
            await self._wait(_POLL_INTERVAL)
            self._line.read()
            self._expectation = self._expectation.silent()

    async def _listen_briefly(self) -> bytes:
        for _ in range(_POLL_LOOKS):
            if heard := self._line.read():
                return heard
            await self._wait(_POLL_SILENCE / _POLL_LOOKS)
        return self._line.read()

    async def _wait(self, seconds: float) -> None:
        await self._line.wait(seconds)
        self._waited += seconds

    def _limit(self, answer: Answer) -> float:
        return self._line.timeout if answer.within is None else answer.within

    async def _expect_no_more(self, line: int) -> None:
        self._expectation.feed(self._line.read())
        if self._expectation.more:
            self._expectation.feed(await self._line.rest())
            said = [piece.line for piece in pieces(self._expectation.more, after_line=True)]
            raise self._difference(line, line - 1, said, "the module says more than that")

    def _instead(self, answer: Answer, expectation: Expectation, why: str) -> Difference:
        """Return the difference: the lines of the answer that did not come, and the output in their place."""
        stuck, heard = expectation.stuck_at
        index = answer.said.index(stuck) if stuck in answer.said else 0
        missing = answer.said[index:]
        said = [line for piece in pieces(heard, after_line=index > 0) for line in self._lines(piece, missing)]
        return self._difference(missing[0].at.first, answer.at.last, said, why)

    def _lines(self, piece: Piece, missing: Sequence[Said]) -> Sequence[str]:
        """Return a piece as the file writes it where it is one of the missing steps, so that a diff matches them."""
        for said in missing:
            if self._fits(piece, said):
                return self._dialogue.written[said.at.first - 1 : said.at.last]
        return (piece.line,)

    def _fits(self, piece: Piece, said: Said) -> bool:
        alone = Expectation().then([self._filled(said)])
        alone.feed(piece.data)
        return alone.is_met and not alone.is_stuck

    def _filled(self, said: Said) -> Expected:
        values = {**self._values, **self._line.values()}
        return Expected(said, tuple(as_pattern(form, values) for form in said.forms))

    def _difference(self, first: int, last: int, happened: Sequence[str], why: str) -> Difference:
        return Difference(self._dialogue, first, last, happened, at=self._line.name, why=why)

    def _framed(self, text: Text) -> Pattern:
        return (b"\r\n", *as_pattern(text, self._values), b"\r\n")
