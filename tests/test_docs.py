"""The documents say what the code does."""

import re
import subprocess
import sys
from pathlib import Path

from emulator.commands.catalogue import command_table, declared_commands
from emulator.firmware.loader import list_models, load_firmware

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_documents_that_are_made_from_the_code_are_up_to_date() -> None:
    """`scripts/make_docs` renews them."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_docs"), "--check"], capture_output=True, text=True, timeout=110
    )

    assert (done.returncode, done.stdout) == (0, "")


def test_the_readme_names_every_command_that_the_code_declares() -> None:
    """And no other one."""
    table = "\n".join(row for row in README.partition("\n## Commands\n")[2].splitlines() if row.startswith("| "))
    named = set(re.findall(r"[+#][A-Z0-9]+", table)) - {"#"}
    profile = load_firmware("GE865-QUAD").profile
    settings = {name for name in (*profile.settings, *profile.stored) if name[0] in "+#" and "." not in name}
    declared = {name for command in declared_commands() for name in (command.name, *command.aliases)}
    extended = {name for name in declared if name[0] in "+#"}
    fixed = {name for model in list_models() for name in load_firmware(model.name).profile.answers}

    assert extended | settings | fixed == named


def test_every_declared_command_exists_on_some_firmware_and_says_what_it_does() -> None:
    """No dead declarations, no silent ones; a late release of a line counts, too."""
    firmwares = (*(model.name for model in list_models()), "HE910@12.00.006")
    there = {bound.command for name in firmwares for bound in command_table(load_firmware(name))}

    for command in declared_commands():
        assert command in there
        assert command.summary.endswith(".")
        assert command.source


async def test_the_readmes_example_with_a_bench_runs() -> None:
    """As printed, in a coroutine."""
    example = re.findall(r"```python\n(from emulator.testing.*?)```", README, re.DOTALL)[0]
    body = "".join(f"    {line}\n" for line in example.splitlines())
    names: dict[str, object] = {}

    exec(f"async def example():\n{body}", names)

    await names["example"]()  # type: ignore[operator]  # it was defined by the line above


def test_the_readmes_example_with_a_port_runs() -> None:
    """As printed."""
    example = re.findall(r"```python\n(import serial.*?)```", README, re.DOTALL)[0]

    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, timeout=60, check=True)

    assert "10.00.007" in done.stdout


def test_every_link_to_the_manual_of_a_command_leads_somewhere() -> None:
    """From the table of commands to the section of its chapter."""
    links = re.findall(
        r"\]\((manual/[a-z]+\.md)#([a-z0-9-]+)\)", (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    )
    anchors = {
        (f"manual/{page.name}", anchor)
        for page in (ROOT / "docs" / "manual").glob("*.md")
        for anchor in re.findall(r'<a id="([^"]+)">', page.read_text(encoding="utf-8"))
    }

    assert links
    assert set() == set(links) - anchors
