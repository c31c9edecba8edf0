"""The reference joint-service platform that terminals hand cases to. Shares HTTP with the kiosk, no Python."""

VERSION = "0.1.0"
