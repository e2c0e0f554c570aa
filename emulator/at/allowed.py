"""The values that a parameter takes, in words: for the reason of a refusal."""

from collections.abc import Iterator, Sequence

from emulator.at.limits import Numeric

_FEWEST = 4
"""How many choices in a row are a range."""


def numbers(limits: Numeric) -> str:
    """Describe limits: `0 to 4`, `0, 1 or 5`, `0, or 50 to 1150`, `only 0`."""
    if limits.choices is not None:
        return one_of([_span(low, high) for low, high in spans(limits.choices)])
    assert limits.range is not None
    low, high = limits.range
    return f"0, or {_span(low, high)}" if limits.zero else one_of([_span(low, high)])


def ranges(*limits: tuple[int, int]) -> str:
    """Describe several ranges: `0 to 18 or 31`."""
    return one_of([_span(low, high) for low, high in limits])


def one_of(values: Sequence[str]) -> str:
    """List values: `A, B or C`; the one value that there is, is `only A`."""
    *most, last = values
    if most:
        return f"{', '.join(most)} or {last}"
    return last if " to " in last else f"only {last}"


def spans(choices: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield choices one by one, and many in a row as a range."""
    runs: list[list[int]] = []
    for choice in choices:
        if runs and choice == runs[-1][-1] + 1:
            runs[-1].append(choice)
        else:
            runs.append([choice])
    for run in runs:
        yield from [(run[0], run[-1])] if len(run) >= _FEWEST else ((one, one) for one in run)


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def text(form: str, longest: int, default: int) -> str:
    """Describe a string by its form and its length; one as long as any string may be has no length to tell."""
    length = "" if longest == default else f"at most {longest} character{'s' * (longest != 1)}"
    return ", ".join(filter(None, (form, length))) or f"at most {longest} characters"
