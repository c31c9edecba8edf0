"""The terminal's configuration, the catalogue's files, and every sentence that a person reads."""
