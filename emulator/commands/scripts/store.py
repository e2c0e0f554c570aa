"""The store of scripts: #WSCRIPT, #RSCRIPT, #LSCRIPT, #DSCRIPT. AT Commands Reference Guide."""

from typing import Annotated

from emulator.at.answers import Information, RawData
from emulator.at.command import Command
from emulator.at.interpreter import EntryCancelled
from emulator.at.parameters import Number, Text, fixed
from emulator.at.prompt import CountedPrompt
from emulator.commands.context import Context
from emulator.commands.kinds import no_values
from emulator.device.scripts import Script
from emulator.errors import DeviceError

_GUIDE = "AT Commands Reference Guide"
_PROMPT = b">>>"
_SILENCE = 30.0
"""Seconds without a byte that end an entry."""

ScriptName = Annotated[str, Text(16, pattern=".+", form="not empty"), "The name of the script."]

script_write = Command("#WSCRIPT", source=_GUIDE, test=no_values)


@script_write.set
async def write_script(
    at: Context,
    name: ScriptName,
    size: Annotated[int, Number(lambda profile: profile.scripts.sizes)],
    hidden: Annotated[int, fixed(0, 1)] = 0,
) -> None:
    """Store a script of exactly `size` bytes, which `>>>` asks for; a hidden one (1) is never shown.

    Args:
        size: The number of bytes that follow.
        hidden: 1 never shows it.

    Example:
        AT#WSCRIPT="a.py",5
        > print
    """
    at.device.scripts.check_room(name, size)
    try:
        entry = await at.instance.enter(CountedPrompt(size, sign=_PROMPT, silence=_SILENCE))
    except EntryCancelled as error:
        reason = f"the entry ended before {size} bytes had come: {error}"
        raise DeviceError(None, reason) from error
    at.device.scripts.write(name, Script(entry.data, bool(hidden)))


script_read = Command("#RSCRIPT", source=_GUIDE, test=no_values)


@script_read.set
def read_script(at: Context, name: ScriptName) -> None:
    """Show a script behind `<<<`; of a hidden one nothing.

    Example:
        AT#WSCRIPT="a.py",5
        > print
        AT#RSCRIPT="a.py"
    """
    script = at.device.scripts[name]
    if not script.hidden:
        at.instance.show(RawData(b"\r\n<<<\r\n" + script.content + b"\r\n"))


script_list = Command("#LSCRIPT", source=_GUIDE, test=no_values)


@script_list.execute
def list_scripts(at: Context) -> Information:
    """Show names and sizes of the scripts, and the bytes that are free."""
    scripts = at.device.scripts
    lines = (f'#LSCRIPT: "{name}",{len(script.content)}' for name, script in scripts.all.items())
    return Information((*lines, f"#LSCRIPT: free bytes: {scripts.free}"))


script_delete = Command("#DSCRIPT", source=_GUIDE, test=no_values)


@script_delete.set
def delete_script(at: Context, name: ScriptName) -> None:
    """Delete a script.

    Example:
        AT#WSCRIPT="a.py",5
        > print
        AT#DSCRIPT="a.py"
    """
    at.device.scripts.delete(name)
