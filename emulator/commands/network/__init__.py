"""Registration, cells, bands, indicators and the clock that the network sets."""
