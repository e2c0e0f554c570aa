"""The TLS protocol as it is on the wire: suites, records, messages, alerts and keys."""
