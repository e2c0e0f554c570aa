"""Commands of the device, a folder a chapter: the one room where the AT language and the device meet."""
