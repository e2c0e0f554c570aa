"""Contract suites: what every implementation of an interface promises, as tests that run on a new one, too.

A suite is a module of its own, and is imported from there: it needs pytest, which nothing else of the emulator does.
"""

import pytest

pytest.register_assert_rewrite(__name__)  # so that a test that fails shows what was compared
