"""kiosk.journey."""
