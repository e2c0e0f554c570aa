"""Evidence: what a module said in a comparison, as a file that is replayed on the emulator ever after."""
