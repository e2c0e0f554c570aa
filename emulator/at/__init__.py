"""The AT language (V.250, 3GPP TS 27.007), independent of any vendor's commands.

Nothing in this room knows a command of the module, a socket or asyncio: bytes and the time come in, events and bytes
go out.
"""
