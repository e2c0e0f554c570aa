"""Sounds that the module plays, and how loud; there is no sound. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import Number, Text, between, fixed
from emulator.commands.context import Context
from emulator.errors import Cause, DeviceError

_GUIDE = "AT Commands Reference Guide"
_SOUND = "#SRS"

ringer_sound = Command(_SOUND, source=_GUIDE)


@ringer_sound.set
def play_sound(
    at: Context,
    sound: Annotated[int | None, Number(lambda profile: profile.stored[_SOUND])] = None,
    seconds: Annotated[int | None, between(0, 60)] = None,
) -> Information | None:
    """Choose the ringer's sound (0 is the one in use), which is kept, and play it for some seconds, or stop it (0).

    Args:
        sound: The ringer's sound; 0 is the one in use.
        seconds: How long it is played; 0 stops it.
    """
    if sound is None:
        return show_sound(at)
    duration = seconds or 0
    if sound or not duration:
        at.device.stored.keep({_SOUND: sound or at.profile.stored[_SOUND].default or 0})
    at.device.outputs.sounds_until = at.device.environment.clock.now() + duration
    return None


@ringer_sound.read
def show_sound(at: Context) -> Information:
    """Show the sound in use, and whether it is being played."""
    plays = at.device.environment.clock.now() < at.device.outputs.sounds_until
    return Information.of(f"{_SOUND}: {at.device.stored[_SOUND]},{int(plays)}")


tone = Command("#TONE", source=_GUIDE, has_effect=False)


@tone.set
def play_tone(
    at: Context,
    name: Annotated[str, Text(1, pattern="[0-9#*A-DG-LYZ]", form="one of 0 to 9, #, *, A to D, G to L, Y and Z")],
    duration: Annotated[int, between(1, 300)] = 30,
) -> None:
    """Play a tone, for so many tenths of a second; there is no sound.

    Args:
        name: The tone: 0-9, #, *, A-D as keys, G-L the module's own, Y free, Z busy.
        duration: Tenths of a second.

    Example:
        AT#TONE=A,10
    """


@tone.test
def show_tones(at: Context) -> Information:
    """Show the tones and the durations."""
    return Information.of(f"#TONE: (0-9,#,*,A-D,G-L,Y,Z),{at.values('duration')}")


volumes = Command("#TSVOL", source=_GUIDE, has_effect=False)

_CLASSES = (1, 2, 4, 8, 16, 32, 64)
_CHOSEN = 1
"""<mode>: the volume is given; with 0 it is the factory's."""


@volumes.set
def set_volume(
    at: Context,
    classes: Annotated[int, between(1, 255)],
    mode: Annotated[int, fixed(0, _CHOSEN)],
    volume: Annotated[int | None, between(0, 10)] = None,
) -> None:
    """Set the volume of classes of tones, given as a sum; there is no sound.

    Args:
        classes: A sum of classes: 1 GSM tones, 2 ringer, 4 alarm, 8 signalling, 16 DTMF, 32 SIM toolkit, 64
            user's tones.
        mode: 0 the factory's volume, 1 the one given.
        volume: 0 is silent, 10 the loudest; only with mode 1.

    Example:
        AT#TSVOL=84,1,5
    """
    if (mode == _CHOSEN) is not (volume is not None):
        raise DeviceError(
            Cause.OPERATION_NOT_SUPPORTED,
            "volume is missing; mode 1 needs it" if mode == _CHOSEN else "only mode 1 takes a volume",
        )
    for one in _CLASSES:
        if classes & one:
            at.settings[f"#TSVOL.{one}"] = 0 if volume is None else volume + 1


@volumes.read
def show_volumes(at: Context) -> Information:
    """Show the mode of each class and, where one is given, its volume."""
    kept = ((one, at.settings[f"#TSVOL.{one}"]) for one in _CLASSES)
    return Information(tuple(f"#TSVOL: {one},{f'1,{value - 1}' if value else 0}" for one, value in kept))
