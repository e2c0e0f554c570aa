"""Does not check what split has found: +CREG: 1, which the module says by itself, has no comma."""

import sys

from tests.explore.weak_hosts.python.report import Report, main


class SplitUnchecked(Report):
    def status(self) -> str:
        line = next(line for line in self.at.command("AT+CREG?") if line.startswith("+CREG:"))
        return line.split(",")[1]


if __name__ == "__main__":
    sys.exit(main(SplitUnchecked))
