"""screens.theme."""
