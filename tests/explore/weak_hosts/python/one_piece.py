"""Takes an answer in one piece: what has come after a moment is all of it."""

import sys

from tests.explore.weak_hosts.python.at import Dialogue
from tests.explore.weak_hosts.python.line import Trouble, pause
from tests.explore.weak_hosts.python.report import main


class OnePiece(Dialogue):
    def answer(self, deadline: float) -> list[str]:
        pause(0.3)
        if not self.heard:
            self.read(deadline)
        lines = [line for line in self.heard.decode("latin-1").split("\r\n") if line]
        self.heard = b""
        if lines[-1:] != ["OK"]:
            raise Trouble(f"{self.given}: {lines}")
        return lines[:-1]


if __name__ == "__main__":
    sys.exit(main(dialogue=OnePiece))
