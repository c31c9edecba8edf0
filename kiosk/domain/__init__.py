"""kiosk.domain."""
