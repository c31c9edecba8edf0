"""Frozen values of a citizen's case: who applies, what an identity card says of itself, what is handed in."""
