"""The terminal looks after itself: what is checked, what is remembered of it, and when it starts itself anew."""
