"""Power cuts: a small machine whose disk loses what it had not flushed, at a random write, again and again."""
