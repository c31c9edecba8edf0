"""What follows when nobody foresaw an error: how often it happened, and how little is asked of the next start."""
