"""What a node holds: an ordered store of byte keys, and the Merkle tree that commits to the state in it.

Importing this package loads nothing: only `runtime.state.lmdb` needs a library that is not Python's own.
"""
