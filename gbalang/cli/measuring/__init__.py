"""What `gba bench` measures: one node beside plain verification, the compiler, the start of the command."""
