"""Proving: a verified program run on symbols instead of values, and a solver asked whether what it claims can fail."""
