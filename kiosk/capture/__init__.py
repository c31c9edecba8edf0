"""kiosk.capture."""
