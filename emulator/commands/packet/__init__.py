"""Packet data: PDP contexts, names, pings and the firewall."""
