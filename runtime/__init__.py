"""The ledger: eleven equal cities apply the same ordered blocks and hold the same state, and can prove it.

Importing this package loads nothing: the transition and everything it stands on need the standard library alone, and
a witness must be able to run them in any interpreter.
"""
