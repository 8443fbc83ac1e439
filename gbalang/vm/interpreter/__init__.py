"""The reference interpreter: the specification of what a program does, one small handler for each instruction.

Every handler has the same shape: take operands, compute, push. The charge comes before it, in the one loop of `run`,
because an instruction's cost is known before it runs. A handler's second argument is its operand, prepared once when
the program is loaded. A handler that returns a number goes on there; all others go on with the next instruction.
"""
