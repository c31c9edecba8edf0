"""The product without a face: no Kivy, no serial port, no socket of its own."""
