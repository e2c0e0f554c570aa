"""Settings of calls. 27.007 6, AT Commands Reference Guide."""

from emulator.commands.kinds import SettingsCommand, setting, single_setting, stored

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
