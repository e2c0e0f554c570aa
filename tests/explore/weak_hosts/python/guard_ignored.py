"""Ignores the guard time: +++ and the next command are sent at once."""

import sys

from tests.explore.weak_hosts.python.online import OnlineReport
from tests.explore.weak_hosts.python.report import main


class Hasty(OnlineReport):
    def leave(self) -> None:
        self.at.write(b"+++")
        self.at.expect_ok("AT#SH=1", 3)


if __name__ == "__main__":
    sys.exit(main(Hasty))
