"""Setting a terminal up: one engine, two faces (the glass, and a plain terminal). See docs/adr/0082."""
