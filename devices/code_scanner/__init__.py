"""Code scanners (扫码器): a bar or QR code held before them becomes text."""
