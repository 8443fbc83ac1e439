"""Diagnostics: the user's mistakes, as data until they are printed."""
