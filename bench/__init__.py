"""Benchmarks: each figure is a ratio against a peer or a physical limit that was measured in the same run."""
