"""What each command of the module does: the one room where the AT language and the module meet. A file a chapter."""
