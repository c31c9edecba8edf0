"""screens.input."""
