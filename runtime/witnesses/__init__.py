"""Separate processes that re-execute recorded blocks, each under settings of its own, and what they say of one another.

Eleven nodes in one process share a hash seed, a locale, Unicode tables and limits, so they can agree and all be wrong.
"""
