"""Why a file becomes no picture: each reason has a code, and words `errors.<code>` for citizen and technician."""

import enum


class Reason(enum.StrEnum):
    """What is wrong with a file; the value is its code."""

    EMPTY = "F101"
    NOT_A_PICTURE = "F102"
    TRUNCATED = "F103"
    TOO_LARGE = "F104"
    BROKEN = "F105"
    SEVERAL_PICTURES = "F106"
    HEIC = "F107"
    ENCRYPTED = "F111"
    ACTIVE = "F112"
    TOO_MANY_PAGES = "F113"
    TOO_COSTLY = "F114"
    NOT_THERE = "F121"


class Unreadable(Exception):
    """The file is no picture that can be taken; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.name.lower())

    @property
    def code(self) -> str:
        """The code that words and logbook know."""
        return self.reason.value
