"""How long answers may take: what is seen on a slow day, and the longest time that is documented.

Longest times are those of the vendor's table of command timeouts; beyond half a minute none is tried, whatever the
table says. A command that is not listed is answered by the module itself.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Times(NamedTuple):
    """Seconds until the answer begins."""

    slow: float
    longest: float


LOCAL = Times(1.0, 3.0)
"""The module answers by itself: the vendor's older table allows settings 0.2 to 5 seconds."""
PROMPT = 1.0
"""Seconds until a prompt; the longest one of +CMGS."""

_CARD, _MESSAGE, _SENDING, _TRANSFER = Times(2, 5), Times(1, 5), Times(5, 30), Times(5, 10)
_CONTEXT, _DIAL, _FTP, _HANG_UP = Times(7, 25), Times(5, 25), Times(5, 30), Times(1, 3)

TIMES: Mapping[str, Times] = {
    "+CPIN?": _CARD,
    "+CPIN=": _CARD,
    "#CCID": _CARD,
    "+CIMI": _CARD,
    "+CNUM": _CARD,
    "+CRSM=": _CARD,
    "+CLCK=": Times(3, 25),
    "+CPWD=": Times(3, 15),
    "+CPBS=": _MESSAGE,
    "+CPBR=": Times(1, 15),
    "+CPBF=": Times(3, 10),
    "+CPBW=": _MESSAGE,
    "+CSCA?": _MESSAGE,
    "+CSCA=": _MESSAGE,
    "+CMGR=": _MESSAGE,
    "+CMGD=": Times(1.2, 25),
    "+CMGL": Times(4, 20),
    "+CMGL=": Times(4, 20),
    "+CMGW=": _MESSAGE,
    "+CMGS=": _SENDING,
    "+CMSS=": _SENDING,
    "+CFUN=": Times(4, 5),
    "+COPS=?": Times(20, 30),
    "+COPS=": Times(5, 25),
    "+CGATT=": Times(4, 10),
    "+CGACT=": _CONTEXT,
    "#SGACT=": _CONTEXT,
    "#GPRS=": _CONTEXT,
    "D=": _DIAL,
    "D": _DIAL,
    "A": _DIAL,
    "H": Times(2, 30),
    "+CHUP": Times(2, 5),
    "#QDNS=": Times(3, 20),
    "#PING=": Times(3, 20),
    "#NTP=": Times(3, 10),
    "#SD=": _DIAL,
    "#SKTD=": _DIAL,
    "#SSLD=": _DIAL,
    "#SSLFASTD=": _DIAL,
    "#SH=": _HANG_UP,
    "#SSLH=": _HANG_UP,
    "#SSEND=": _TRANSFER,
    "#SSENDEXT=": _TRANSFER,
    "#SSLSEND=": _TRANSFER,
    "#SSLSENDEXT=": _TRANSFER,
    "#SSLSECDATA=": Times(0.8, 5),
    "#FTPOPEN=": Times(8, 30),
    "#FTPCLOSE": _FTP,
    "#FTPPUT=": _FTP,
    "#FTPAPP=": _FTP,
    "#FTPGET=": _FTP,
    "#FTPGETPKT=": _FTP,
    "#FTPLIST": _FTP,
    "#FTPLIST=": _FTP,
    "#FTPCWD=": _FTP,
    "#FTPPWD": _FTP,
    "#FTPDELE=": _FTP,
    "#FTPFSIZE=": _FTP,
    "#FTPTYPE=": _FTP,
    "#EMAILD=": Times(8, 20),
    "#MONI": Times(2, 10),
    "#CSURV": Times(10, 30),
    "#SHDN": Times(5, 10),
    "#REBOOT": Times(2, 5),
}
"""By the command in its form; of one with a prompt, from the end of the entry on."""


def times_of(command: str) -> Times:
    """Return how long the answer of a command may take."""
    return TIMES.get(command, LOCAL)
