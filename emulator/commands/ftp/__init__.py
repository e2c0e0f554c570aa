"""FTP and FTPS: the file transfer client."""
