"""Matters, items, situations, forms and materials as data: load, check, combine, search."""
