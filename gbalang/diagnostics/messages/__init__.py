"""The sentences of the diagnostics, one module for each language, all with the same keys; a test proves them complete."""
