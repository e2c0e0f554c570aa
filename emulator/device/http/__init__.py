"""The module's HTTP client: RFC 9112, within TLS as RFC 2818 says."""
