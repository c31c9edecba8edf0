"""Who looks after the terminal: how they enter on the glass, what each may do, and what it does meanwhile."""
