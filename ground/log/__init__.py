"""The event log on the disk: one chain of records for all processes of a terminal, sealed with the terminal's key."""
