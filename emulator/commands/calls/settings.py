"""Settings of calls. 27.007 6, AT Commands Reference Guide."""

from emulator.commands.kinds import SettingsCommand, setting, single_setting, stored

_GUIDE = "AT Commands Reference Guide"

link_protocol = SettingsCommand(
    "+CRLP",
    "Set the radio link protocol of data calls; there are none.",
    source="27.007 6.8",
    iws=setting("+CRLP.iws", "Window from the module to the network.").unchanged,
    mws=setting("+CRLP.mws", "Window from the network to the module.").unchanged,
    t1=setting("+CRLP.t1", "Acknowledgement timer.").unchanged,
    n2=setting("+CRLP.n2", "Attempts to send again.").unchanged,
    version=setting("+CRLP.version", "The version of the protocol.").unchanged,
)
single_number = single_setting(
    stored("+CSNS").unchanged, "Set the bearer of calls to a single number; there are none.", source="27.007 6.19"
)
hang_up_control = single_setting(
    setting("+CVHU").unchanged, "Set what ATH and DTR do to a voice call.", source="27.007 6.20"
)
dial_answers = single_setting(
    stored("#DIALMODE").unchanged,
    "Set when a dialled voice call has its result: at ringing, at the answer, or each step of it.",
    source=_GUIDE,
)
dial_by_dtr = single_setting(
    setting("#ACAL").unchanged,
    "Set whether DTR dials the first number of the phonebook; there are no calls.",
    source=_GUIDE,
)
call_events = single_setting(setting("#ECAM").unchanged, "Set whether changes of calls are reported.", source=_GUIDE)
tone_detection = single_setting(
    setting("#DTMF"),
    "Set whether tones of the other side are reported, as #DTMFEV.",
    source="Software User Guide 3.5.1",
)
user_group = SettingsCommand(
    "+CCUG",
    "Set the closed user group of calls, until power-off; there are none.",
    source="27.007 7.10",
    use=setting("+CCUG.use", "0 the group is not used, 1 it is.").unchanged,
    index=setting("+CCUG.index", "The index of the group; 10 is the preferred one.").unchanged,
    information=setting(
        "+CCUG.information", "0 nothing, 1 suppresses outgoing access, 2 the preferred group, 3 both."
    ).unchanged,
)
dial_by_dtr_from = SettingsCommand(
    "#ACALEXT",
    "Set whether DTR dials a number: off (0), of the module's phonebook (1), of the card's (2); there are no calls.",
    source=_GUIDE,
    mode=setting("#ACALEXT.mode", "0 off, 1 the module's phonebook, 2 the card's.").unchanged,
    place=setting("#ACALEXT.place", "The place in that phonebook.").unchanged,
)
