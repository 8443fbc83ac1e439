"""The machine: a verified program, a host and a context give writes, events, reasons and a cost, or a fault."""
