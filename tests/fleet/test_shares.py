"""Shares of a fleet: exact in any part of it, independent of one another, the same by the same seed."""

from collections import Counter

import pytest

from emulator.errors import UserError
from emulator.fleet.plan import FleetPlan
from emulator.fleet.shares import Spread, parse_percents, parse_weights
from emulator.options import ModemOptions

MIX = "HE910=70,GE865-QUAD=20,ME910C1-E1=10"


def plan(seed: int = 0, **written: object) -> FleetPlan:
    return FleetPlan.of(ModemOptions(seed=seed), **written)  # type: ignore[arg-type]


@pytest.mark.parametrize("worker", [0, 1, 7])
@pytest.mark.parametrize("begin", [0, 137])
def test_any_hundred_modules_in_a_row_have_the_shares_of_the_mix(worker: int, begin: int) -> None:
    """To a module or two, on each worker."""
    fleet = plan(mix=MIX)

    counted = Counter(fleet.module(worker, number).firmware for number in range(begin, begin + 100))

    assert counted.keys() == {"HE910", "GE865-QUAD", "ME910C1-E1"}
    assert abs(counted["HE910"] - 70) <= 2 and abs(counted["GE865-QUAD"] - 20) <= 2, counted


def test_faults_and_networks_are_spread_over_all_firmwares() -> None:
    """A tenth with the fault is a tenth of each, and a half with GPRS a half of those."""
    fleet = plan(mix="HE910=50,GE865-QUAD=50", network="GPRS=50", faults=["10% connection-reset byte=10"])

    met: Counter[tuple[str, ...]] = Counter()
    for number in range(2000):
        module = fleet.module(0, number)
        met[module.firmware, *(fault.name for fault in module.faults)] += 1

    assert {
        (firmware, *faults): share
        for firmware in ("HE910", "GE865-QUAD")
        for faults, share in {
            (): 450,
            ("slow-network",): 450,
            ("connection-reset",): 50,
            ("slow-network", "connection-reset"): 50,
        }.items()
    } == pytest.approx(met, abs=20)


def test_the_same_seed_gives_the_same_fleet_and_another_another() -> None:
    """By worker and number, also what is left to chance within a module."""
    one, same, other = (plan(seed, mix=MIX, faults=["30% sim-busy"]) for seed in (1, 1, 2))
    fleets = [
        [fleet.module(worker, number) for worker in (0, 1) for number in range(50)] for fleet in (one, same, other)
    ]

    assert fleets[0] == fleets[1]
    assert [module.firmware for module in fleets[0]] != [module.firmware for module in fleets[2]]
    assert len({module.seed for fleet in fleets for module in fleet}) == 200


def test_what_is_left_of_a_hundred_percent_has_nothing() -> None:
    """All of a hundred percent have it."""
    spread = Spread(0, 0)

    assert {None} == {spread.choose("network", 0, {}, number) for number in range(20)}
    assert {"GPRS"} == {spread.choose("network", 0, {"GPRS": 100.0}, number) for number in range(200)}


def test_weights_need_not_make_a_hundred() -> None:
    """They are percents afterwards."""
    assert {"A": 75.0, "B": 25.0} == parse_weights("--mix", "A=3,B=1")


@pytest.mark.parametrize(
    "text", ["HE910", "HE910=", "HE910=x", "HE910=0", "HE910=-1", "HE910=nan", "=5", "A=1,A=2", ""]
)
def test_what_is_no_weight_is_named(text: str) -> None:
    """With the option."""
    with pytest.raises(UserError, match=r"^--mix "):
        parse_weights("--mix", text)


@pytest.mark.parametrize(
    ("text", "told"), [("LTE=5", "there is no 'LTE'; it may be GPRS"), ("GPRS=60,EDGE=50", "more than")]
)
def test_what_is_no_percentage_is_named(text: str, told: str) -> None:
    """Names that there are not, and more than there is."""
    with pytest.raises(UserError, match=told):
        parse_percents("--network", text, ("GPRS", "EDGE"))
