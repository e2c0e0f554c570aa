"""The SSL socket: its states, security data and TLS policy."""
