"""The technician's manual: its pages, the program's own pictures in them, and all of it as a PDF."""
