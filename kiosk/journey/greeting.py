"""Which greeting fits the hour."""

from datetime import datetime

#: the last hour (exclusive) of each greeting; chosen by how people here speak
_GREETINGS = ((5, "night"), (11, "morning"), (13, "noon"), (18, "afternoon"), (24, "evening"))


def greeting(at: datetime) -> str:
    """Words `home.greeting.<name>`."""
    return next(name for until, name in _GREETINGS if at.hour < until)
