"""Goes on at the step that failed, although a restart has taken away what the steps before it had set."""

import sys

from tests.explore.weak_hosts.python.at import Dialogue
from tests.explore.weak_hosts.python.report import Report, main


class GoesOn(Report):
    def __init__(self, at: Dialogue) -> None:
        super().__init__(at)
        self.steps = [self.wake, self.register, self.activate, self.enable, self.connect, self.deliver, self.hang_up]

    def attempt(self) -> None:
        while self.steps:
            self.at.line.open()
            self.at.hush()
            self.steps[0]()
            del self.steps[0]


if __name__ == "__main__":
    sys.exit(main(GoesOn))
