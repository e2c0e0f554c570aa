"""Plays the peer's part of a dialogue."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from emulator.dialogue.difference import Difference
from emulator.dialogue.line import DialogueLine
from emulator.dialogue.steps import (
    CallEnds,
    Connect,
    Dialogue,
    Fetched,
    MailTaken,
    PeerCloses,
    PeerHears,
    PeerSends,
    PeerStep,
    Ring,
    ServerHas,
)
from emulator.dialogue.texts import as_bytes, written
from emulator.errors import UserError

if TYPE_CHECKING:
    from emulator.dialogue.emulated import EmulatedPeer

_REMEDY = "play it with `telit-emulator play`, without --port"


class PeerPlayer:
    """Play the peer's steps, and compare the data that reaches the peer with the dialogue."""

    def __init__(
        self, dialogue: Dialogue, peer: "EmulatedPeer", values: Mapping[str, bytes], line: DialogueLine
    ) -> None:
        self._dialogue = dialogue
        self._peer = peer
        self._values = values
        self._at = line.name
        self._timeout = line.timeout

    def __repr__(self) -> str:
        return f"<PeerPlayer of {self._dialogue.name} with {self._peer!r}>"

    async def do(self, step: PeerStep) -> None:
        """Play one step.

        Raises:
            Difference: it comes out otherwise.
        """
        match step:
            case Connect():
                await self._connect(step)
            case PeerSends(text=text):
                await self._peer.send(as_bytes(text, self._values))
            case PeerHears():
                await self._hear(step)
            case PeerCloses():
                if not await self._peer.close():
                    raise self._difference(step, "the module does not notice the end of the session")
            case ServerHas():
                self._look_into(step)
            case MailTaken():
                self._look_at_mail(step)
            case Fetched(size=size):
                if not await self._peer.fetched(size):
                    raise self._difference(step, "the module has not fetched that much")

            case Ring() | CallEnds():
                self._call(step)

    def _call(self, step: Ring | CallEnds) -> None:
        try:
            if isinstance(step, Ring):
                self._peer.ring(step.number)
            else:
                self._peer.end_call()
        except UserError as error:
            raise self._difference(step, str(error)) from None

    async def _connect(self, step: Connect) -> None:
        resumed = await self._peer.connected()
        if resumed is None:
            raise self._difference(step, "the peer has no new session")
        if resumed is not step.resumed:
            raise self._difference(step, "the session is of another kind", "connect resumed" if resumed else "connect")

    async def _hear(self, step: PeerHears) -> None:
        expected = as_bytes(step.text, self._values)
        heard = await self._peer.hear(expected)
        if heard != expected:
            happened = [f"peer< {written(heard)}"] if heard else []
            silent = expected.startswith(heard)
            why = (
                f"the peer has heard no more within {self._timeout:g} s" if silent else "the peer hears something else"
            )
            raise self._difference(step, why, *happened)

    def _look_into(self, step: ServerHas) -> None:
        content = self._peer.file(step.name)
        if content != as_bytes(step.text, self._values):
            happened = [f"file {step.name} {written(content)}"] if content is not None else []
            raise self._difference(step, "the server has something else", *happened)

    def _look_at_mail(self, step: MailTaken) -> None:
        content = self._peer.mail()
        if content != as_bytes(step.text, self._values):
            happened = [f"mail {written(content)}"] if content is not None else []
            raise self._difference(step, "the mail server has taken something else", *happened)

    def _difference(self, step: PeerStep, why: str, *happened: str) -> Difference:
        return Difference(self._dialogue, step.at.first, step.at.last, happened, at=self._at, why=why)


def refuse_without_peer(dialogue: Dialogue) -> None:
    """Refuse a dialogue with a peer where there is none: a real network.

    Raises:
        UserError: a step needs one, or the dialogue's own server; the message names the steps.
    """
    needing = [step for step in dialogue.steps if isinstance(step, PeerStep)]
    if needing:
        words = ", ".join(dict.fromkeys(dialogue.written[step.at.first - 1].partition(" ")[0] for step in needing))
        place = f"{dialogue.path}:{needing[0].at.first}"
        raise UserError(f"{place}: only the emulator can play {words}; {_REMEDY}")
    if dialogue.server != "tls":
        raise UserError(f"{dialogue.path}: only the emulator has `server: {dialogue.server}`; {_REMEDY}")
