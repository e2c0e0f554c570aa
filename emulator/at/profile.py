"""The type of a device's profile, which the language hands to declarations and never looks into."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing_extensions import TypeVar

    Profile = TypeVar("Profile", default=Any)
else:
    from typing import TypeVar

    Profile = TypeVar("Profile")
