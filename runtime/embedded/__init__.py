"""The embedded network: eleven nodes on one machine, for drafting, tests, audits and single-operator use.

It has no tolerance against the person who runs the process.
"""
