"""The SSL socket and its security data."""
