"""Reads without a limit: a module that says nothing is waited for for ever."""

import select
import sys

from tests.explore.weak_hosts.python.line import Line
from tests.explore.weak_hosts.python.report import main


class BlockingLine(Line):
    def wait(self, deadline: float) -> None:
        select.select([self._descriptor], [], [])


if __name__ == "__main__":
    sys.exit(main(line=BlockingLine))
