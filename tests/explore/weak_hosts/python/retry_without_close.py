"""Dials again without a close: the socket of the attempt before is still open."""

import sys

from tests.explore.weak_hosts.python.at import find
from tests.explore.weak_hosts.python.report import DISABLED, Report, main


class NeverClosed(Report):
    def enable(self) -> None:
        if find(r"#SSLS: 1,(\d).*", self.at.command("AT#SSLS=1")) == DISABLED:
            self.at.expect_ok("AT#SSLEN=1,1")


if __name__ == "__main__":
    sys.exit(main(NeverClosed))
