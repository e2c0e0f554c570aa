"""Durations, rates and sizes with their units."""

import pytest

from emulator.faults.quantities import Duration, Quantity, Rate, Size


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (Duration, 3, 3.0),
        (Duration, 0.25, 0.25),
        (Duration, "3 s", 3.0),
        (Duration, "250ms", 0.25),
        (Duration, "1.5 min", 90.0),
        (Duration, "2 h", 7200.0),
        (Rate, "80 kbit/s", 80e3),
        (Rate, "1.5 Mbit/s", 1.5e6),
        (Size, "2 kB", 2000.0),
        (Size, "1 KiB", 1024.0),
        (Size, 17, 17.0),
        (Size, "17", 17.0),
    ],
)
def test_a_number_stands_for_base_units_and_a_text_names_its_own(
    kind: type[Quantity], written: object, value: float
) -> None:
    assert value == pytest.approx(kind.parse(written))


@pytest.mark.parametrize("written", ["3 parsecs", "-3 s", "s", "", True, None, [1], float("nan"), float("inf"), -1])
def test_anything_else_is_refused_with_the_units_there_are(written: object) -> None:
    with pytest.raises(ValueError, match=r"the units are s, us, ms, min, h$"):
        Duration.parse(written)


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Duration(0.25), "250 ms"),
        (Duration(90), "90 s"),
        (Duration(120), "2 min"),
        (Duration(0), "0 s"),
        (Size(200), "200 B"),
        (Rate(2e4), "20 kbit/s"),
    ],
)
def test_it_is_shown_in_the_largest_unit_that_fits(quantity: Quantity, text: str) -> None:
    assert text == str(quantity)
