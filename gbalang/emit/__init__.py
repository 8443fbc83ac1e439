"""From the typed tree to a program."""
