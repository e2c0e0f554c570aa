"""HTTP and HTTPS: the client with three profiles."""
