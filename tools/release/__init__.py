"""Signed releases: published by a person with keys, fetched and judged by a terminal (ADR 0078, 0079)."""
