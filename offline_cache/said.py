"""What every reply and marker that is read has in common.

Unknown members are left alone. Pydantic keeps each short text that it ever read, so that equal ones need one copy; what
is said of a person would stay in memory after her visit, and a face would grow by some of it with every case.
"""

from typing import Final

from pydantic import ConfigDict

SAID: Final = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, cache_strings="keys")
