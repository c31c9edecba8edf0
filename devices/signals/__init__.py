"""Signals: presence sensor, door switch, guide lamps."""
