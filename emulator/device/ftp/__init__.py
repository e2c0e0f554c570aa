"""The module's FTP client: RFC 959, protected by TLS as RFC 4217 says. Guide chapter 5."""
