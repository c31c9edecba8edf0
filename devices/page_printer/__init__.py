"""A4 page printers: a PDF goes in, sheets come out, and the printer says what became of them."""
