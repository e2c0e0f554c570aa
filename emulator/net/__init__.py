"""The network of the module: routes, name resolution, TCP and UDP with back-pressure.

It knows neither AT nor TLS.
"""
