"""Plays a dialogue: does what the host and the peer do, and holds the module to what it is to say."""

from collections.abc import Mapping, Sequence
from itertools import chain

from emulator.dialogue.difference import Difference, Silence
from emulator.dialogue.expectation import Expectation, Expected
from emulator.dialogue.line import GUARD_TIME, Line, Peer
from emulator.dialogue.pieces import Piece, pieces
from emulator.dialogue.shapes import Pattern
from emulator.dialogue.steps import (
    Answer,
    Connect,
    Dialogue,
    Escape,
    Fetched,
    PeerCloses,
    PeerHears,
    PeerSends,
    PeerStep,
    Poll,
    Said,
    Send,
    ServerHas,
    Step,
    Wait,
)
from emulator.dialogue.texts import Text, as_bytes, as_pattern, written
from emulator.errors import UserError

_POLL_INTERVAL = 1.0
"""Seconds from a wrong answer to the next try."""


class Player:
    """Plays one dialogue once."""

    def __init__(self, dialogue: Dialogue, line: Line, values: Mapping[str, bytes], peer: Peer | None = None) -> None:
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
            _refuse_peer_steps(dialogue, line)
        self._dialogue = dialogue
        self._line = line
        self._values = values
        self._peer = peer
        self._expectation = Expectation([self._framed(text) for text in dialogue.unsolicited])

    def __repr__(self) -> str:
        return f"<Player of {self._dialogue.name} on {self._line.name}>"

    async def play(self) -> None:
        """Every step in turn.

        Raises:
            Difference: the first one; what follows is not played.
        """
        for step in self._dialogue.steps:
            await self._do(step)
        await self._expect_no_more(len(self._dialogue.written) + 1)

    async def _do(self, step: Step) -> None:
        match step:
            case Answer():
                await self._hear(step)
            case Send(text=text):
                await self._expect_no_more(step.first)
                self._line.send(as_bytes(text, self._values))
            case Poll():
                await self._poll(step)
            case Wait(seconds=seconds):
                await self._line.wait(seconds)
            case Escape():
                await self._expect_no_more(step.first)
                await self._line.wait(GUARD_TIME)
                self._line.send(b"+++")
                await self._line.wait(GUARD_TIME)
            case PeerStep():
                assert self._peer is not None
                await self._do_with(self._peer, step)

    # The module.

    async def _hear(self, answer: Answer) -> None:
        values = {**self._values, **self._line.values()}
        expectation = self._expectation.then(
            [Expected(said, tuple(as_pattern(form, values) for form in said.forms)) for said in answer.said]
        )
        expectation.feed(self._line.read())
        while not expectation.is_met:
            if expectation.is_stuck:
                expectation.feed(await self._line.rest())
                raise self._other(answer, expectation)
            heard = await self._line.hear(answer.within)
            if not heard:
                raise self._silence(answer, expectation)
            expectation.feed(heard)
        self._expectation = expectation

    async def _poll(self, poll: Poll) -> None:
        await self._expect_no_more(poll.first)
        limit = self._line.patience if poll.answer.within is None else poll.answer.within
        answer = Answer(said=poll.answer.said, first=poll.answer.first, last=poll.answer.last)
        waited = 0.0
        while True:
            self._line.send(as_bytes(poll.text, self._values))
            try:
                return await self._hear(answer)
            except Silence:
                raise
            except Difference:
                if waited >= limit:
                    raise
            await self._line.wait(_POLL_INTERVAL)
            waited += _POLL_INTERVAL
            self._line.read()
            self._expectation = self._expectation.silent()

    async def _expect_no_more(self, line: int) -> None:
        self._expectation.feed(self._line.read())
        if self._expectation.more:
            self._expectation.feed(await self._line.rest())
            said = [piece.line for piece in pieces(self._expectation.more, after_line=True)]
            raise self._difference(line, line - 1, said, "the module says more than that")

    def _other(self, answer: Answer, expectation: Expectation) -> Difference:
        return self._difference(*self._instead(answer, expectation), "the module says something else")

    def _silence(self, answer: Answer, expectation: Expectation) -> Difference:
        limit = self._line.patience if answer.within is None else answer.within
        first, last, said = self._instead(answer, expectation)
        kind = Difference if said else Silence
        why = f"the module has said no more within {limit:g} s"
        return kind(self._dialogue, first, last, said, at=self._line.name, why=why)

    def _instead(self, answer: Answer, expectation: Expectation) -> tuple[int, int, list[str]]:
        """The lines of the answer that were not said, and what was said in their place."""
        stuck, heard = expectation.stuck_at
        index = answer.said.index(stuck) if stuck in answer.said else 0
        missing = answer.said[index:]
        said = pieces(heard, after_line=index > 0)
        return missing[0].first, answer.last, list(chain.from_iterable(self._lines(piece, missing) for piece in said))

    def _lines(self, piece: Piece, missing: Sequence[Said]) -> Sequence[str]:
        """A piece as the file has it where it is one of the missing steps, so that a diff finds them alike."""
        for said in missing:
            if self._fits(piece, said):
                return self._dialogue.written[said.first - 1 : said.last]
        return (piece.line,)

    def _fits(self, piece: Piece, said: Said) -> bool:
        values = {**self._values, **self._line.values()}
        alone = Expectation().then([Expected(said, tuple(as_pattern(form, values) for form in said.forms))])
        alone.feed(piece.data)
        return alone.is_met and not alone.is_stuck

    # The peer.

    async def _do_with(self, peer: Peer, step: PeerStep) -> None:
        match step:
            case Connect(resumed=resumed):
                was_resumed = await peer.connected()
                if was_resumed is None:
                    raise self._peer_difference(step, "the peer has no new session")
                if was_resumed is not resumed:
                    happened = "connect resumed" if was_resumed else "connect"
                    raise self._peer_difference(step, "the session is another kind", happened)
            case PeerSends(text=text):
                await peer.send(as_bytes(text, self._values))
            case PeerHears(text=text):
                expected = as_bytes(text, self._values)
                heard = await peer.hear(expected)
                if heard != expected:
                    happened = [f"peer< {written(heard)}"] if heard else []
                    raise self._peer_difference(step, "the peer hears something else", *happened)
            case PeerCloses():
                if not await peer.close():
                    raise self._peer_difference(step, "the module does not notice the end of the session")
            case ServerHas(name=name, text=text):
                content = peer.file(name)
                if content != as_bytes(text, self._values):
                    happened = [f"file {name} {written(content)}"] if content is not None else []
                    raise self._peer_difference(step, "the server has something else", *happened)
            case Fetched(size=size):
                if not await peer.fetched(size):
                    raise self._peer_difference(step, "the module has not fetched that much")

    def _peer_difference(self, step: PeerStep, why: str, *happened: str) -> Difference:
        return self._difference(step.first, step.last, happened, why)

    def _difference(self, first: int, last: int, happened: Sequence[str], why: str) -> Difference:
        return Difference(self._dialogue, first, last, happened, at=self._line.name, why=why)

    def _framed(self, text: Text) -> Pattern:
        return (b"\r\n", *as_pattern(text, self._values), b"\r\n")


def _refuse_peer_steps(dialogue: Dialogue, line: Line) -> None:
    """A real network has no peer that does as it is told."""
    needing = [step for step in dialogue.steps if isinstance(step, PeerStep)]
    if needing:
        lines = ", ".join(dict.fromkeys(dialogue.written[step.first - 1].split(" ")[0] for step in needing))
        raise UserError(
            f"{dialogue.path}:{needing[0].first}: only the emulator has a peer for {lines}; play it without {line.name}"
        )
    if dialogue.ftp:
        raise UserError(f"{dialogue.path}: only the emulator has its FTP server; play it without {line.name}")
