"""What everything stands on: the clock and the logbook."""
