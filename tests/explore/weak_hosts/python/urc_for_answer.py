"""Takes a URC for the answer: the first line after a command must be its OK."""

import sys

from tests.explore.weak_hosts.python.at import QUICK, Dialogue
from tests.explore.weak_hosts.python.line import Trouble, now
from tests.explore.weak_hosts.python.report import main


class FirstLine(Dialogue):
    def expect_ok(self, command: str, seconds: float = QUICK) -> None:
        self.give(command)
        line = self.next_line(now() + seconds)
        if line == command:  # the echo
            line = self.next_line(now() + seconds)
        if line != "OK":
            raise Trouble(f"{command}: {line}")


if __name__ == "__main__":
    sys.exit(main(dialogue=FirstLine))
