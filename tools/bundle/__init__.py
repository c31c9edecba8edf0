"""The support bundle: what a developer far away needs of a terminal, and nothing of anybody who stood before it."""
