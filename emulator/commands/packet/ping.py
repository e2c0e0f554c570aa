"""Ping: #PING. IP Easy User Guide 5.3.7."""

from typing import Annotated

from emulator.at.answers import Information
from emulator.at.command import Command
from emulator.at.parameters import FROM_PROFILE, Number, Text
from emulator.commands.context import Context
from emulator.device.network.ping import PingSeries

ping = Command("#PING", source="IP Easy User Guide 5.3.7")


@ping.set
async def request_echoes(
    at: Context,
    host: Annotated[str, Text(255, pattern=".+", form="not empty")],
    count: Annotated[int, Number(lambda profile: profile.ping.counts)] = FROM_PROFILE,
    size: Annotated[int, Number(lambda profile: profile.ping.sizes)] = FROM_PROFILE,
    timeout: Annotated[int, Number(lambda profile: profile.ping.timeouts)] = FROM_PROFILE,
    ttl: Annotated[int, Number(lambda profile: profile.ping.times_to_live)] = FROM_PROFILE,
) -> None:
    """Send echo requests, and show each reply as it comes: its time in tenths of a second, and its time to live.

    Args:
        host: The name or the address.
        count: The number of requests.
        size: Bytes of each request.
        timeout: Tenths of a second to wait for each reply.
        ttl: Hops that a request may make.

    Example:
        AT#PING="127.0.0.1",1
    """
    number = 0
    async for reply in at.device.internet.ping.replies(host, PingSeries(count, size, timeout / 10, ttl)):
        number += 1
        line = f'#PING: {number:02},"{reply.address}",{reply.tenths},{reply.ttl}'
        at.instance.show(Information((line,), continues=number > 1))
