"""Uninterruptible power supplies: is there mains, and for how long without."""
