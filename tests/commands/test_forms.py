"""Every command in every form that its documents name: set, read, test and execute; none of them is missing.

What stands behind a name are lines that a module takes, whatever it answers to them in its state: a form that it does
not have is answered by `operation not supported`, and a command that it does not have by a plain ERROR. Sources: the
guide's chapters 2 to 5, V.250 and 27.007 for what they define, the facts collected from public material for the rest.
"""

import pytest

from emulator.at.table import CommandTable
from emulator.commands.catalogue import command_table
from emulator.firmware.loader import load_firmware
from emulator.testing import Bench
from tests.commands.lines import LATER_LINES, LINES

FORMS = {
    # V.250: basic commands have no read and no test form; S-registers are read.
    "E": "E1", "V": "V1", "Q": "Q0", "X": "X1", "L": "L0", "M": "M0", "P": "P", "T": "T",
    "D": "D123", "A": "A", "H": "H H0", "O": "O O0", "I": "I I0",
    "&F": "&F &F0", "&W": "&W &W0", "Z": "Z Z0", "&Y": "&Y0", "&P": "&P0", "&V": "&V",
    "&K": "&K0", "&C": "&C1", "&D": "&D0", "&S": "&S0", "\\Q": "\\Q0", "\\R": "\\R0", "\\V": "\\V0",
    "S0": "S0? S0=0", "S2": "S2? S2=43", "S3": "S3? S3=13", "S4": "S4? S4=10", "S5": "S5? S5=8", "S7": "S7? S7=60",
    "S12": "S12? S12=50", "S25": "S25? S25=5", "S30": "S30? S30=0", "S38": "S38? S38=20",
    "+ICF": "=3 =? ?", "+IFC": "=2,2 =? ?", "+IPR": "=115200 =? ?", "+CMEE": "=2 =? ?",
    "+CMUX": "=0 =0,0 =? ?", "#SELINT": "=2 =? ?", "#SKIPESC": "=0 =? ?", "#E2ESC": "=0 =? ?",
    # Identification: 27.007 5.
    "+CGMI": "! =?", "+GMI": "!", "#CGMI": "! =?", "+CGMM": "! =?", "+GMM": "!", "#CGMM": "! =?",
    "+CGMR": "! =?", "+GMR": "!", "#CGMR": "! =?", "+CGSN": "! =?", "#CGSN": "! =?", "+GSN": "!", "+GCAP": "!",
    "+CIMI": "! =?", "#CIMI": "! =?", "#CCID": "! =?",
    # Network, SIM, power, clock: 27.007 7 and 8, Software User Guide.
    "+CPIN": "=1234 =? ?", "#QSS": "=1 =? ?", "+CREG": "=1 =? ?", "+CGREG": "=1 =? ?", "+COPS": "=0 =? ?",
    "+CSQ": "! =?", "+CGATT": "=1 =? ?", "+CCLK": '="02/11/07,12:26:47+04" =? ?', "#CCLK": "?", "#NITZ": "=7 =? ?",
    "+CFUN": "=1 =? ?", "#CPUMODE": "=0 =? ?", "#SHDN": "=?", "#REBOOT": "=?", "#ENHRST": "=0 =? ?",
    # SIM lock, phonebook, cells, indicators: 27.007 7 and 8, Software User Guide 2.11.
    "#SIMDET": "=2 =? ?", "+CLCK": '="SC",2 =?', "+CPWD": '="SC","1234","4321" =?', "#PCT": "! =?", "+CNUM": "! =?",
    "+CPBS": '="SM" =? ?', "+CPBR": "=1 =1,2 =?", "+CPBF": '="a" =?', "+CPBW": '=1,"123",129,"a" =1 =?',
    "+CRSM": "=192,12258 =176,12258,0,0,10 =?", "+CSIM": '=10,"A0C0000016" =?', "#SPN": "! =?",
    "+CPOL": '=,2 =1,2,"20801" =1,2 =? ?', "+COPN": "! =?",
    "+CCID": "! =?", "#SNUM": "=1,123 =1,123,a =?", "+CPLS": "=0 =? ?", "#ENAUSIM": "=1 = =? ?",
    "#MONI": "! =0 =?", "#SERVINFO": "! =?", "#RFSTS": "! =?", "#BND": "=0 =? ?", "#AUTOBND": "=0 =? ?",
    "#PSNT": "=0 =? ?", "+WS46": "=12 =? ?", "#PLMNMODE": "=0 =? ?", "#AUTOATT": "=1 =? ?", "#CMEEMODE": "=0 =? ?",
    "#REGMODE": "=1 =? ?", "#TXMONMODE": "=1 =? ?",
    "#CSURV": "! =0,100 =?", "#CSURVC": "! =0,100 =?", "#CSURVU": "=1 =1,2,3 =?", "#CSURVUC": "=1 =1,2,3 =?",
    "#CSURVB": "=2 =?", "#CSURVBC": "=2 =?", "#CSURVF": "=0 =? ?", "#CSURVNLF": "=0 =? ?", "#CSURVEXT": "=0 =? ?",
    "+CIND": "? =?", "+CMER": "=3,0,0,2 =? ?",
    # Calls and supplementary services: 27.007 6 and 7.
    "+CHLD": "=2 =?", "+VTS": "=1 =1,100 =?", "#DTMF": "=1 = =? ?",
    "+CLCC": "! =?", "+CPAS": "! =?", "+CHUP": "! =?", "+CEER": "! =?", "+CBST": "=0 =? ?", "+FCLASS": "=0 =? ?",
    "+CRC": "=0 =? ?", "+CR": "=0 =? ?", "+CLIP": "=1 =? ?", "+CLIR": "=0 =? ?", "+COLP": "=0 =? ?",
    "+CCWA": "=0 =0,2 =? ?", "+CCFC": "=0,2 =?", "+CUSD": '=0 =1,"*100#" =? ?', "+CSSN": "=0,0 =? ?",
    # Hardware: 27.007 8.4, AT Commands Reference Guide.
    "+CBC": "! =?", "#CBC": "! =?", "#TEMPMON": "=1 =? ?", "#GPIO": "=1,0,1 =1,2 =? ?", "#SLED": "=0 =? ?",
    "#SLEDSAV": "! =?",
    # Packet data: guide 2.1, 27.007 10.1.
    "+CGDCONT": '=1,"IP","apn" ! =? ?', "#SGACT": "=1,1 =? ?", "#SGACTAUTH": "=1 =? ?",
    "#SGACTCFG": "=1,3 =1,3,180 =1,3,180,1 =? ?", "#SGACTCFGEXT": "=1,1 =1,1,0,0,0 =? ?", "+CGACT": "=0,1 =? ?",
    "#CGPADDR": "=1 ! =?", "+CGPADDR": "=1 ! =?", "+CGCLASS": '="B" =? ?', "+CGEREP": "=0,0 =? ?", "+CGSMS": "=1 =? ?",
    "+CGQMIN": "=1,0,0,0,0,0 =? ?", "+CGQREQ": "=1,0,0,0,0,0 =? ?",
    "+CGEQMIN": "=1,4 =? ?", "+CGEQREQ": "=1,4 =? ?", "#USERID": '="a" = =? ?', "#PASSW": '="a" = =?',
    # Names, pings, firewall: IP Easy User Guide 5.3.7 and 6, AT Commands Reference Guide.
    "#QDNS": '="127.0.0.1" =?', "#DNS": '=1,"1.2.3.4","1.2.3.5" =1,"1.2.3.4" =? ?', "#NWDNS": "=1 = ! =?",
    "#CACHEDNS": "=1 =? ?", "#PING": '="127.0.0.1" ="127.0.0.1",1,32,10,64 =?', "#GPRS": "=0 =? ?",
    "#FRWL": '=1,"1.2.3.4","255.255.0.0" =2 =? ?',
    # SSL: guide chapters 3 and 4.
    "#SSLEN": "=1,1 =? ?", "#SSLSECCFG": "=1,0,0 =? ?", "#SSLSECDATA": "=1,0,1 =? ?",
    "#SSLCFG": "=1,1,300,90,100,50 =? ?",
    "#SSLD": '=1,443,"1.2.3.4",0,1 =?', "#SSLFASTD": "=1,0,100 =1 =?", "#SSLO": "=1 =?", "#SSLH": "=1 =1,0 =?",
    "#SSLS": "=1 =?", "#SSLSEND": "=1 =1,100 =?", "#SSLSENDEXT": "=1,10 =1,10,100 =?",
    "#SSLRECV": "=1,100 =1,100,100 =?", "#SSLRCV": "=1,100 =?",
    # FTP: guide chapter 5, IP Easy User Guide.
    # E-mail: IP Easy User Guide 3.5.2. The forms that begin a mail are those of test_email.
    "#ESMTP": '="a" = =? ?', "#EADDR": '="a" = =? ?', "#EUSER": '="a" = =? ?', "#EPASSW": '="a" = =?',
    "#ESAV": "! =?", "#ERST": "! =?", "#EMAILACT": "=1 =0 =? ?", "#EMAILMSG": "! =?",
    "#EMAILD": '="a","b" ="a","b",0 =?', "#SEMAIL": '="a","b" ="a","b",0 =?',
    "#SMTPCL": '="a","b",0 ="a","b",1,"c" ="a","b",2,"c",1 =?',
    # Satellite positioning, of models with a receiver: AT Commands Reference Guide.
    "$GPSP": "=1 =? ?", "$GPSR": "=0 =1 =?", "$GPSAT": "=1 =? ?",
    "$GPSSAV": "! =?", "$GPSRST": "! =?", "$GPSSW": "! =? ?",
    "$GPSACP": "! =? ?", "$GPSNMUN": "=0 =1,1,0,0,0,0,0 =2,0,1 =? ?",
    # Short messages: 27.005, 27.007 5.5.
    "+CMGF": "=1 =? ?", "+CSDH": "=1 =? ?", "+CSCS": '="IRA" =? ?', "+CSMS": "=0 =? ?", "+CPMS": '="SM" =? ?',
    "+CSCA": '="+4912" =? ?', "+CSMP": "=17,167,0,0 =? ?", "+CSAS": "! =0 =?", "+CRES": "! =0 =?",
    "+CSCB": '=0,"","" =? ?', "+CNMA": "! =0 =?", "+CNMI": "=1,1,0,0,0 =? ?",
    "+CMGL": "! =4 =?", "+CMGR": "=1 =?", "+CMGD": "=1 =1,4 =?", "+CMGS": "=10 =?",
    "+CMGW": "=10 =?", "+CMSS": "=1 =?",
    # Plain sockets: facts 5.
    "#SCFG": "=1,1,300,90,600,50 =? ?", "#SCFGEXT": "=1,0,0,0,0,0 =? ?", "#SCFGEXT2": "=1,0,0,0,0,0 =? ?",
    "#SD": '=1,0,80,"127.0.0.1",0,0,1 =?', "#SO": "=1 =?", "#SH": "=1 =?", "#SS": "! =1 =?",
    "#SI": "! =1 =?", "#SSEND": "=1 =?", "#SSENDEXT": "=1,10 =?", "#SRECV": "=1,100 =?", "#SL": "=1,1,0 =? ?",
    "#PKTSZ": "=300 = =? ?", "#DSTO": "=50 = =? ?", "#SKTTO": "=90 = ! =? ?", "#SKTCT": "=600 = =? ?",
    "#SKTSET": '=0,80,"127.0.0.1" =0,80,a.de,0,0 =? ?', "#SKTSAV": "! =?", "#SKTRST": "! =?", "#SKTOP": "! =?",
    "#SKTD": '=0,80,"127.0.0.1" =0,80,"127.0.0.1",0,0 =?', "#SKTL": "=1,0,13005,0 =? ?", "@SKTL": "=1,0,13005 =? ?",
    "#ST": "! =1 =?", "#PADCMD": "=1 =? ?", "#PADFWD": "=65 =65,0 =? ?", "#ICMP": "=1 =? ?", "#BASE64": "=1,0,0 =? ?",
    "#GDATAVOL": "=0 =1 =2 = =?", "#SA": "=1 =?", "#SLUDP": "=1,1,0 =? ?", "#SLASTCLOSURE": "! =1 =?",
    "#FTPTO": "=100 ! =? ?", "#FTPCFG": "=100,0,0 =? ?", "#FTPOPEN": '="a","b","c",1 =?', "#FTPCLOSE": "! =?",
    "#FTPTYPE": "=0 ! =? ?", "#FTPMSG": "! =?", "#FTPPWD": "! =?", "#FTPCWD": '="a" =?', "#FTPDELE": '="a" =?',
    "#FTPFSIZE": '="a" =?', "#FTPGET": '="a" =?', "#FTPLIST": '="a" ! =?', "#FTPREST": "=0 =? ?",
    "#FTPPUT": '="a",0 =?', "#FTPAPP": '="a",0 =?', "#FTPAPPEXT": "=10,0 =?", "#FTPGETPKT": '="a",0 =? ?',
    "#FTPRECV": "=10 =? ?",
    # Kept without effect: V.250, 27.007, AT Commands Reference Guide.
    "%L": "%L", "%Q": "%Q", "%E": "%E %E0", "\\B": "\\B", "\\K": "\\K \\K1", "\\N": "\\N \\N0",
    "+ILRR": "=1 = =? ?", "+DR": "=1 = =? ?", "+DS": "=0 = =? ?", "+GCI": "=59 = =? ?", "+FPR": "=0 =? ?",
    "+FDD": "=0 =? ?", "+FMI": "? =?", "+FMM": "? =?", "+FMR": "? =?", "+FLO": "=2 = =? ?", "+CLAC": "! =?",
    "+CRLP": "=61,61,78,6,0 = =? ?", "+CVHU": "=1 = =? ?", "+CSNS": "=0 = =? ?", "#DIALMODE": "=2 = =? ?",
    "#ACAL": "=1 = =? ?", "#ECAM": "=1 = =? ?", "#CEER": "! =?",
    "#CAP": "=1 = =? ?", "#SRP": "=3 = =? ?", "#STM": "=1 = =? ?", "+CALM": "=2 = =? ?", "+CRSL": "=1 = =? ?",
    "+CLVL": "=14 = =? ?", "+CMUT": "=1 = =? ?", "+VTD": "=5 = =? ?", "#CODEC": "=31 = =? ?",
    "#CODECINFO": "=1,2 = =? ?", "#SHFEC": "=1 = =? ?", "#SHSEC": "=1 = =? ?", "#SHFAGC": "=1 = =? ?",
    "#SHSAGC": "=1 = =? ?", "#SHFNR": "=1 = =? ?", "#SHSNR": "=1 = =? ?", "#SHFSD": "=1 = =? ?", "#SHSSD": "=1 = =? ?",
    "#HFMICG": "=7 = =? ?", "#HSMICG": "=7 = =? ?", "#DVI": "=1,2,0 =1,1,0 = =? ?", "#TTY": "=1 = =? ?",
    "#E2SLRI": "=50 =0 = =? ?", "#E2SMSRI": "=100 =1150 = =? ?", "#SMSMODE": "=1 = =? ?", "#COPSMODE": "=1 = =? ?",
    "#NWSCANTMR": "=5 = =? ?", "#CMUXMODE": "=1 = =? ?", "#OSC32KHZ": "=0 = =? ?",
    "#ENS": "=1 = =? ?", "#MSCLASS": "=10 =8,1 = =? ?", "#TCPMAXDAT": "=1000 =1420 =0 = =? ?", "#TCPREASS": "=1 = =? ?",
    "+CGDATA": '="PPP",1 ="PPP" ! =?',
    "#GAUTH": "=0 = =? ?", "#GPPPCFG": '="0.0.0.0",25,1 ="" = =? ?', "+CTZU": "=1 = =? ?", "+CTZR": "=1 = =? ?",
    "#NTP": '="a",123,0,3 ="a",123,1,3,4 =?',
    # HTTP: AT Commands Reference Guide.
    "#HTTPCFG": '=0 =0,"a",80,0,"b","c",0,120,1 =? ?', "#HTTPQRY": '=0,0,"/" =?', "#HTTPSND": '=0,0,"/",5 =?',
    "#HTTPRCV": "=0 =0,64 =?",
    "#ACALEXT": "=1,2 = =? ?", "+CCUG": "=1,2,0 = =? ?", "#SMOV": "=1 = =? ?", "#MWI": "=1 = =? ?",
    "+MS": "=V32,1,300,9600 = =? ?", "#GSMCONT": '=0,"IP","123" =0 =? ?', "S1": "S1 S1?", "#Z": "=0 =?",
    "+CAOC": "=2 =0 = ! =? ?", "+CACM": "= ! =? ?", "+CAMM": '="0" =? ?', "+CPUC": '="EUR","0.10" =? ?',
    "#SRS": "=1,0 =1,10 = =? ?", "#TONE": "=1 =A,10 =?", "#TSVOL": "=84,1,5 =1,0 =? ?",
    "#PRST": "! =?", "#PSAV": "=1 =?", "#PSEL": "=1 = =? ?", "#PSET": "=1,2,3 = =? ?",
    "#STIA": "=2 =2,1 = =? ?", "#STGI": "=? ?", "#STSR": "=37,0 ! =? ?", "#RSEN": "=0 =? ?",
    "#JDR": "=2 =2,70,5 = =? ?",
    "#MBN": "! =?", "+PACSP": "?", "#ENHSIM": "=0 = =? ?",
    "#CSURVP": '=22288 ="22201" =?', "#CSURVPC": "=22288 =?",
    # The board: AT Commands Reference Guide.
    "#ADC": "=1,2 =1,2,0 =? ?", "#AXE": "! =?", "#GGPI": "=0 = =? ?", "#SGPO": "=1 = =? ?", "#QTEMP": "=0 = =? ?",
    "#DAC": "=1,512 =0 = =? ?", "#VAUX": "=1,1 =1,2 =? ?", "#VAUXSAV": "! =?", "#V24CFG": "=2,1 =? ?",
    "#V24": "=2 =? ?", "#GSMAD": "=3 =1,1,60,1,2 =? ?", "#RTCSTAT": "=0 = =? ?",
    # Scripts, events, ports: AT Commands Reference Guide, Event Monitor Application Note.
    "#WSCRIPT": '="a.py",5 =?', "#RSCRIPT": "=?", "#LSCRIPT": "! =?", "#DSCRIPT": "=?", "#ESCRIPT": '="a.py" = =? ?',
    "#EXECSCR": "! =?", "#STARTMODESCR": "=0 =0,10 =? ?", "#CMUXSCR": "=1 =1,9600 =? ?",
    "#EVMONI": "=RING,1 =RING,1,1,5 =? ?", "#ENAEVMONI": "=0 = =? ?", "#ENAEVMONICFG": "=3 =3,1,5 =? ?",
    "#PORTCFG": "=8 =? ?", "#AGPSSND": "! =?",
    # Alarms: 27.007 8.16, Software User Guide 3.8.5.
    "+CALA": '="07:00:00+04",0,2,"text","1,2" ="" =? ?', "+CALD": "=0 =?", "#WAKE": "=0 =? ?",
    # Networks with LTE and the identity of later lines: 27.007, AT Commands Reference Guides of these lines.
    "+CEREG": "=2 =? ?", "+CESQ": "! =?", "#WS46": "=2 =? ?", "+CEMODE": "=2 =? ?", "+CGAUTH": '=1,1,"a","b" =? ?',
    "+CPSMS": '=1,,,"01000001","00000111" =? ?', "+CEDRXS": '=1,5,"0001" =? ?', "+CGCONTRDP": "! =1 =?",
    "+CGPIAF": "=1 =? ?", "+ICCID": "! =?", "#SWPKGV": "!", "#CCIOTOPT": "=0001", "#M2MCHDIR": '="/" =?',
    # Services of later lines: their vendor's library for hosts, AT Commands Reference Guides.
    "#SSLI": "! =1", "#SSLSECCFG2": "=1,1 =? ?", "#CCLKMODE": "=1 =? ?", "#NTPCFG": "=1 =? ?",
    "#SCFGEXT3": "=1,1 =? ?", "#SMTPCFG": "=0,25 =? ?", "#SSENDUDP": '=1,"127.0.0.1",7',
    "#SSENDUDPEXT": '=1,5,"127.0.0.1",7',
    "#MQEN": "=1,1 =? ?", "#MQCFG": '=1,"host",1883,1 =? ?', "#MQCFG2": "=1,60,1 =? ?", "#MQTCFG": "=1,1 =? ?",
    "#MQWCFG": '=1,0 =? ?', "#MQCONN": '=1,"id" ?', "#MQDISC": "=1", "#MQSUB": '=1,"a"', "#MQUNS": '=1,"a"',
    "#MQPUBS": '=1,"a",0,0,"b"', "#MQPUBSEXT": '=1,"a",0,0,1', "#MQREAD": "=1,1 ?",
}  # fmt: skip
"""By name, the lines after it with blanks between: `!` stands for the name alone; basic commands are written whole."""

UNSUPPORTED = "operation not supported"


def table(model: str) -> CommandTable:
    return command_table(load_firmware(model))


def lines(name: str) -> list[str]:
    """What is typed for a command, after `AT`."""
    if name[0] in "+#$*@":
        return [name + form.replace("!", "") for form in FORMS[name].split()]
    return FORMS[name].split()


@pytest.mark.parametrize("model", (*LINES, *LATER_LINES))
def test_no_declared_command_is_without_its_facts(model: str) -> None:
    """Whoever declares a command says here which forms its documents name."""
    declared = {name for bound in table(model) for name in bound.command.names}

    assert set() == declared - FORMS.keys()


def test_no_fact_is_without_a_command() -> None:
    """On one line or another."""
    declared = {name for model in (*LINES, *LATER_LINES) for bound in table(model) for name in bound.command.names}

    assert set() == FORMS.keys() - declared


@pytest.mark.parametrize("model", (*LINES, "ME310G1-WWV"))
async def test_every_form_that_the_documents_name_is_there(model: str) -> None:
    """In a module whose SSL and context are on."""
    missing = []
    for name in FORMS:
        for line in lines(name) if table(model).find(name) else ():
            async with Bench(model) as bench:
                for setup in ("+CMEE=2", '+CGDCONT=1,"IP","apn"', "#SGACT=1,1", "#SSLEN=1,1"):
                    await bench.command(f"AT{setup}")
                bench.send(f"AT{line}\r")
                await bench.advance(1)
                answer = bench.read()
            if UNSUPPORTED in answer or answer == "\r\nERROR\r\n":
                missing.append(f"AT{line}: {answer!r}")

    assert [] == missing
