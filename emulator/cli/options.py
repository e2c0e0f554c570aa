"""What options of several commands take."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from emulator.net.routes import Routes


class _PathName(click.Path):
    """A path that is there or is to come; an empty one would be the working folder by accident."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not value:
            self.fail("it is empty", param, ctx)
        return super().convert(value, param, ctx)


PATH = _PathName(path_type=Path)


def scenario_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that let things go wrong: `--scenario` and `--seed`."""
    scenario = click.option("--scenario", type=PATH, metavar="FILE", help="Let the faults of FILE, in TOML, happen.")
    seed = click.option("--seed", type=int, metavar="N", help="For all that is left to chance; else the scenario's.")
    return scenario(seed(command))


def parse_routes(routes: Sequence[str]) -> dict[str, str]:
    """`FROM=TO` as a mapping.

    Raises:
        UserError: one is not of that form.
    """
    Routes.parse(routes)
    return {dialled: target for dialled, _, target in (route.partition("=") for route in routes)}
