"""Lines of NUT's network protocol, read and written.

Source: networkupstools.org, developer guide, chapter "Network protocol information" (protocol 1.3); shared protocol
notes, others.md §7. One question is one line; the answer is one line, or a list between BEGIN and END. Words with
spaces stand in quotes, with backslashes before quotes and backslashes.
"""

import re
from collections.abc import Mapping, Sequence

from devices.errors import Condition, DeviceError, Garbled, Refused, Unreachable

LONGEST_LINE = 1024  # bytes; upsd's own values are cut at 512 (chosen: double)
LIST_UPS = b"LIST UPS\n"
LIST_BEGINS, LIST_ENDS = ("BEGIN", "LIST", "UPS"), ("END", "LIST", "UPS")
LOGOUT = b"LOGOUT\n"
FAREWELL = b"OK Goodbye\n"  # its answer
NOT_TOLD = "VAR-NOT-SUPPORTED"  # an answer like any other: this supply has no such thing

_WORD = re.compile(r'"((?:[^"\\]|\\.)*)"|([^\s"]+)')
_ESCAPED = re.compile(r"\\(.)")
_NAME = re.compile(r"[^\s\"\\]+")

#: what upsd's refusals mean (chapter "Error responses")
_REFUSALS: Mapping[str, Condition] = {
    "DATA-STALE": Condition.OFFLINE,  # the driver runs and has lost the supply
    "DRIVER-NOT-CONNECTED": Condition.OFFLINE,  # the driver does not run
    "ACCESS-DENIED": Condition.BAD_COMMAND,
    "UNKNOWN-COMMAND": Condition.BAD_COMMAND,
    "INVALID-ARGUMENT": Condition.BAD_COMMAND,
}


def format_question(ups: str, variable: str) -> bytes:
    """The question for one variable. Raises ValueError when a name would break the line."""
    if not _NAME.fullmatch(ups) or not _NAME.fullmatch(variable):
        raise ValueError("a name has neither blanks nor quotes")
    return f"GET VAR {ups} {variable}\n".encode()


def format_words(*words: str) -> bytes:
    """A line of `words`, the last of them quoted: the inverse of `parse_words`, as upsd writes it."""
    *plain, last = words
    quoted = last.replace("\\", "\\\\").replace('"', '\\"')
    return (" ".join([*plain, f'"{quoted}"']) + "\n").encode()


def parse_words(line: bytes) -> tuple[str, ...]:
    """The words of a line, without its end. Raises `Garbled`."""
    text = line.decode("utf-8", "replace").strip("\r\n")
    words, at = [], 0
    for found in _WORD.finditer(text):
        if text[at : found.start()].strip(" "):
            break
        quoted, plain = found.groups()
        words.append(plain if quoted is None else _ESCAPED.sub(r"\1", quoted))
        at = found.end()
    if text[at:].strip(" ") or not words:
        raise Garbled(reason="no line of words", bytes=len(line))
    return tuple(words)


def parse_value(line: bytes, ups: str, variable: str) -> str | None:
    """What the answer says of `variable`; None when the supply does not know it.

    Raises `Refused`, `Unreachable` (no such supply), `Garbled` (not the answer to this).
    """
    match parse_words(line):
        case ("VAR", told_ups, told_variable, value) if (told_ups, told_variable) == (ups, variable):
            return value
        case ("ERR", error, *_):
            if error == NOT_TOLD:
                return None
            raise refusal(error, ups)
        case _:
            raise Garbled(asked=variable)


def parse_list(lines: Sequence[bytes]) -> tuple[str, ...]:
    """The names in a whole answer to `LIST_UPS`, from BEGIN to END. Raises `Refused`, `Garbled`."""
    words = [parse_words(line) for line in lines]
    if words and words[0][0] == "ERR":
        raise refusal(words[0][1] if len(words[0]) > 1 else "", "")
    if len(words) < 2 or words[0] != LIST_BEGINS or words[-1] != LIST_ENDS:
        raise Garbled(asked="list of supplies")
    names = []
    for entry in words[1:-1]:
        if len(entry) < 2 or entry[0] != "UPS" or not _NAME.fullmatch(entry[1]):
            raise Garbled(asked="list of supplies")
        names.append(entry[1])
    return tuple(names)


def refusal(error: str, ups: str) -> DeviceError:
    """The error that `ERR error` amounts to."""
    if error == "UNKNOWN-UPS":
        return Unreachable(ups=ups, reason="upsd knows no such supply")
    condition = _REFUSALS.get(error)
    return Garbled(reason="unknown error") if condition is None else Refused(condition, said=error)


def parse_number(value: str | None, low: float, high: float) -> float | None:
    """A number between `low` and `high`; None when the supply tells none (some write "" or "NA"). Never raises."""
    try:
        number = float(value or "nan")
    except ValueError:
        return None
    return number if low <= number <= high else None


def parse_on_mains(flags: frozenset[str]) -> bool | None:
    """Whether the load runs on mains; None when the flags do not tell, or tell both."""
    if ("OL" in flags) == ("OB" in flags):
        return None
    return "OL" in flags
