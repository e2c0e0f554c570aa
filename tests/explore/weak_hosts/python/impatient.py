"""Does not wait for the network: what is not registered at the first look counts as failed."""

import sys

from tests.explore.weak_hosts.python.line import Trouble
from tests.explore.weak_hosts.python.report import REGISTERED, Report, main


class Impatient(Report):
    def register(self) -> None:
        if self.status() not in REGISTERED:
            raise Trouble("AT+CREG?: not registered")


if __name__ == "__main__":
    sys.exit(main(Impatient))
