"""Sends again after a lost connection, and the server cannot know that it has the report already."""

import sys

from tests.explore.weak_hosts.python.report import Report, main


class SendsAgain(Report):
    def fields(self) -> list[str]:
        return []


if __name__ == "__main__":
    sys.exit(main(SendsAgain))
