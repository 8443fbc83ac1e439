"""What `gba bench` measures: the stages of one node beside plain verification, the compiler, the start of the command."""
