"""screens.widgets."""
