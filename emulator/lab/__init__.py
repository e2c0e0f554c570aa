"""Runs small real servers on loopback for a first try: TLS 1.0 to 1.3 with every suite.

They are tlslite-ng underneath, which shares no code with the module's own TLS engines.
"""

from emulator.lab.lab import Lab

__all__ = ["Lab"]
