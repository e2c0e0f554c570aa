"""Holds the look of all pages: one stylesheet, the frame of a report, and the parts that reports are made of."""
