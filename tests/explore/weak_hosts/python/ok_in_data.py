"""Finds OK in data: the server's bytes are searched for the end of the answer."""

import re
import sys

from tests.explore.weak_hosts.python.at import Dialogue
from tests.explore.weak_hosts.python.line import Trouble, now
from tests.explore.weak_hosts.python.report import main


class OkInData(Dialogue):
    def receive(self, limit: int, seconds: float) -> bytes:
        deadline = now() + seconds
        self.give(f"AT#SSLRECV=1,{limit}")
        while b"OK\r\n" not in self.heard:
            self.read(deadline)
        answer = re.search(rb"#SSLRECV: \d+\r\n(.*)\r\n\r\nOK\r\n", self.heard, re.DOTALL)
        self.heard = b""
        if answer is None:
            raise Trouble(f"{self.given}: no data")
        return answer[1]


if __name__ == "__main__":
    sys.exit(main(dialogue=OkInData))
