"""Visits by the thousand against everything that goes wrong: `run_kiosk.py soak`. ADR 0084."""
