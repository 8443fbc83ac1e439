"""The command `gba` as people and tools use it: words, JSON, exit codes, files."""
