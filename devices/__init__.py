"""Hardware. Knows nothing above itself: a device is bytes at a URL."""
