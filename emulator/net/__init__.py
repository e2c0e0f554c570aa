"""How the module reaches the outside: routes, name resolution, TCP streams with back-pressure.

It knows neither AT nor TLS.
"""
