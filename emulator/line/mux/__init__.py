"""Several channels on one port: the multiplexer of 3GPP TS 27.010, basic option, as the module's side has it."""
