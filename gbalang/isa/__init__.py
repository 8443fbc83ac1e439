"""The contract between the compiler and the machine: types, programs, instructions, container, verifier."""
