"""Paths of sound, and how it is coded; there is no sound. AT Commands Reference Guide, Software User Guide 2.12."""

from emulator.commands.kinds import Kept, SettingsCommand, setting, single_setting, stored

_GUIDE = "AT Commands Reference Guide"
_USER_GUIDE = "Software User Guide 2.12"


def _path(kept: Kept, what: str, source: str = _USER_GUIDE) -> SettingsCommand:
    return single_setting(kept.unchanged, f"Set {what}; there is no sound.", source=source)


audio_path = _path(setting("#CAP"), "the path of sound: by the pin AXE (0), hands-free (1), handset (2)")
ringer_path = _path(setting("#SRP"), "the path of the ringer", _GUIDE)
coder = _path(setting("#CODEC"), "the speech coders allowed, a sum; 0 is all of them")
coder_reports = SettingsCommand(
    "#CODECINFO",
    "Set whether calls report their speech coder; there are none.",
    source=_USER_GUIDE,
    format=setting("#CODECINFO.format", "0 numbers, 1 names.").unchanged,
    mode=setting(
        "#CODECINFO.mode", "When a report comes: 0 never, 1 at a change, 2 with the codecs that the module allows, too."
    ).unchanged,
)
handsfree_echo = _path(setting("#SHFEC"), "whether the echo of the hands-free path is cancelled")
handset_echo = _path(setting("#SHSEC"), "whether the echo of the handset is cancelled")
handsfree_gain = _path(setting("#SHFAGC"), "whether the hands-free path controls its gain")
handset_gain = _path(setting("#SHSAGC"), "whether the handset controls its gain")
handsfree_noise = _path(setting("#SHFNR"), "whether the noise of the hands-free path is reduced")
handset_noise = _path(setting("#SHSNR"), "whether the noise of the handset is reduced")
handsfree_sidetone = _path(setting("#SHFSD"), "whether the hands-free path has a side tone")
handset_sidetone = _path(setting("#SHSSD"), "whether the handset has a side tone")
handsfree_microphone = _path(setting("#HFMICG"), "the gain of the hands-free microphone")
handset_microphone = _path(setting("#HSMICG"), "the gain of the handset's microphone")
digital_voice = SettingsCommand(
    "#DVI",
    "Set the digital voice interface; there is no sound.",
    source=_GUIDE,
    mode=setting("#DVI.mode", "0 off, the others on.").unchanged,
    port=setting("#DVI.port", "The port of the interface.").unchanged,
    clock=setting("#DVI.clock", "0 the module is slave, 1 master.").unchanged,
)
text_telephone = _path(stored("#TTY"), "whether a text telephone is used", "Software User Guide 2.16")
