"""Hardware watchdogs: the machine restarts when nobody feeds them."""
