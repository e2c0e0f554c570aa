"""Everything between the bytes of a host and an AT instance: transports, the UART, the multiplexer."""
