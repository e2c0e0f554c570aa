"""The AT command language: V.250, 3GPP TS 27.007 and 27.005, for any vendor's device.

The room knows no vendor's command. What a vendor adds is given by the owner: commands are declared (`command.py`), a
profile says which of them a device has (`table.py`), and a dialect names the vendor's own settings (`settings.py`).
Nothing here does I/O: bytes and the time come in, events and bytes go out. Only the interpreter knows asyncio, because
it waits for handlers.
"""
