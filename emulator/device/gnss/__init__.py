"""Satellite positioning: the sky above the device, its receiver, and NMEA 0183 sentences."""
