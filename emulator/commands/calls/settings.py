"""Settings of calls, of which there are none. 27.007 6, AT Commands Reference Guide."""

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.commands.context import Context
from emulator.commands.kinds import SettingsCommand, no_values, setting, single_setting, stored

_GUIDE = "AT Commands Reference Guide"

link_protocol = SettingsCommand(
    "+CRLP",
    "Set the radio link protocol of data calls; there are none.",
    source="27.007 6.8",
    iws=setting("+CRLP.iws").unchanged,
    mws=setting("+CRLP.mws").unchanged,
    t1=setting("+CRLP.t1").unchanged,
    n2=setting("+CRLP.n2").unchanged,
    version=setting("+CRLP.version").unchanged,
)
single_number = single_setting(
    stored("+CSNS").unchanged, "Set the bearer of calls to a single number; there are none.", source="27.007 6.19"
)
hang_up_control = single_setting(
    setting("+CVHU").unchanged, "Set what ATH and DTR do to a voice call; there are none.", source="27.007 6.20"
)
dial_answers = single_setting(
    stored("#DIALMODE").unchanged, "Set when OK answers the dialling of a voice call; there are none.", source=_GUIDE
)
dial_by_dtr = single_setting(
    setting("#ACAL").unchanged,
    "Set whether DTR dials the first number of the phonebook; there are no calls.",
    source=_GUIDE,
)
call_events = single_setting(
    setting("#ECAM").unchanged, "Set whether events of calls are reported; there are none.", source=_GUIDE
)
user_group = SettingsCommand(
    "+CCUG",
    "Set the closed user group of calls, until power-off; there are none.",
    source="27.007 7.10",
    use=setting("+CCUG.use").unchanged,
    index=setting("+CCUG.index").unchanged,
    information=setting("+CCUG.information").unchanged,
)
dial_by_dtr_from = SettingsCommand(
    "#ACALEXT",
    "Set whether DTR dials a number: off (0), of the module's phonebook (1), of the card's (2); there are no calls.",
    source=_GUIDE,
    mode=setting("#ACALEXT.mode").unchanged,
    place=setting("#ACALEXT.place").unchanged,
)
numeric_cause = Command("#CEER", source=_GUIDE, test=no_values)


@numeric_cause.execute
def show_numeric_cause(at: Context) -> Information:
    """Show the number of the cause that ended the last call; there was none."""
    return Information.of("#CEER: 0")
