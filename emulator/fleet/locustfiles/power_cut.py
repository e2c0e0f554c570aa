"""Power cut: all modules go at once, it is dark for a while, and all come back at once."""

import time

from locust import LoadTestShape

_DARK = 10
"""Seconds without power."""
_LONGEST = 10**9


class PowerCut(LoadTestShape):
    """Begin as usual, with --users and --spawn-rate; cut the power after as many seconds as --power-cut says."""

    use_common_options = True

    def tick(self) -> tuple[int, float] | None:
        """Return how many modules there are now, and how many of them come or go in a second."""
        assert self.runner is not None and self.runner.environment.parsed_options is not None
        options = self.runner.environment.parsed_options
        users, passed = options.num_users or 1, time.perf_counter() - self.start_time
        if passed > (options.run_time or _LONGEST):
            return None
        if passed < options.power_cut:
            return users, options.spawn_rate or 1
        is_dark = options.power_cut and passed < options.power_cut + _DARK
        return (0 if is_dark else users), users
