"""What a technician does with devices: find them, look at them, try them, and hand over a signed list."""
