"""What a host opens: each file or folder here is a transport, named by its scheme; memory is for tests."""
