"""Fleets: many modules in one process, which Locust drives against a real server.

`user` and `locustfiles` are for Locust and load gevent; the other files know neither of the two.
"""
