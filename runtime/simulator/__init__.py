"""The whole consortium from one seed, in one process and one thread. Pure: a seed replays on any Python."""
