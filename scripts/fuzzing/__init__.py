"""Fuzzing: random inputs on every side of the module, and oracles that tell a right answer from a wrong one."""
