"""Reading of documents: an identity card, a business licence or a household register becomes fields of a form.

`Reader` owns the child process that does it; what is read is a proposal, which the citizen confirms field by field.
"""

from kiosk.reading.reader import Reader
from kiosk.reading.values import CODES, FIELDS, LONG_TERM, Field, Kind, Reading, ReadingFailed, Warning

__all__ = ["CODES", "FIELDS", "LONG_TERM", "Field", "Kind", "Reader", "Reading", "ReadingFailed", "Warning"]
