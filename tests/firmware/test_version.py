"""Versions as Telit prints them."""

import pytest

from emulator.firmware.version import Version


def test_a_version_has_two_numbers_a_variant_and_a_release() -> None:
    """In 12.01.225 the variant is 22 and the release 5."""
    assert Version(12, 1, 22, 5) == Version.parse("12.01.225")


@pytest.mark.parametrize("text", ["10.00.007", "12.00.225", "16.00.000", "13.00.999"])
def test_a_version_prints_as_it_was_read(text: str) -> None:
    """Zeros are kept."""
    assert text == str(Version.parse(text))


@pytest.mark.parametrize(
    "text", ["", "10.00", "10.00.07", "10.00.0007", "10.0.007", " 10.00.007", "10.00.007\n", "\u0661\u0660.00.007"]
)
def test_text_of_another_form_is_no_version(text: str) -> None:
    """The error is one line that quotes the text."""
    with pytest.raises(ValueError, match="is no version") as caught:
        Version.parse(text)

    assert repr(text) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_versions_with_the_same_numbers_are_ordered_by_release() -> None:
    """The variant says nothing about age."""
    older, newer = Version.parse("12.00.994"), Version.parse("12.00.005")

    assert older < newer
    assert newer > older
    assert older <= newer
    assert not newer <= older
    assert not newer < older


def test_variants_of_a_release_rank_alike_without_being_equal() -> None:
    """Neither is before the other."""
    one, other = Version.parse("12.00.005"), Version.parse("12.00.225")

    assert one <= other
    assert one >= other
    assert not one < other
    assert one != other


def test_the_second_number_counts_more_than_the_release() -> None:
    """10.01.000 is later than any 10.00."""
    assert Version.parse("10.00.009") < Version.parse("10.01.000") < Version.parse("10.01.001")


def test_versions_of_different_products_have_no_order() -> None:
    """10.00 is another product, not an older one."""
    with pytest.raises(TypeError):
        _ = Version.parse("10.00.007") < Version.parse("12.00.004")
