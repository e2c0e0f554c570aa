"""E-mail: the settings of a server, and an SMTP client without I/O that delivers one mail."""
