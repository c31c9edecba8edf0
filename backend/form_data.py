"""The files of one multipart/form-data body (RFC 7578), taken apart in memory.

Starlette's own reader puts what is longer than a megabyte into temporary files; a citizen's papers must not lie on the
disk in clear, so this one keeps to memory. Names that a phone gives its files are not even read: nothing is ever stored
under them.
"""

import re

_BOUNDARY = re.compile(r'boundary=(?:"([^"\r\n]{1,70})"|([^\s;,"]{1,70}))', re.IGNORECASE)
_FILE = re.compile(rb"(?:^|;)\s*filename\*?\s*=", re.IGNORECASE)
_DISPOSITION = re.compile(rb"content-disposition\s*:\s*form-data\s*(;[^\r\n]*)?$", re.IGNORECASE)
_HEAD_MAX_BYTES = 4096  # chosen: a browser writes about 150


class NotFormData(ValueError):
    """The body is not what its header says."""


def boundary_of(content_type: str) -> bytes:
    """What separates the parts. Raises `NotFormData`."""
    kind, _, parameters = content_type.partition(";")
    found = _BOUNDARY.search(parameters)
    if kind.strip().lower() != "multipart/form-data" or found is None:
        raise NotFormData("no multipart/form-data")
    try:
        return b"--" + (found[1] or found[2]).encode("ascii")
    except UnicodeEncodeError as error:
        raise NotFormData("the boundary is not ASCII") from error


def files_in(body: bytes, boundary: bytes, most: int) -> list[bytes]:
    """The content of every file in `body` that is not empty, in order, at most `most` + 1 of them.

    One more than wanted tells that there are too many; the rest is not looked at. Raises `NotFormData`.
    """
    found: list[bytes] = []
    at = _after_first(body, boundary)
    while at is not None and len(found) <= most:
        end = body.find(b"\r\n" + boundary, at)
        if end < 0:
            raise NotFormData("the body ends in the middle of a part")
        content = _file(body, at, end)
        if content:
            found.append(content)
        at = _next(body, end + 2 + len(boundary))
    return found


def _after_first(body: bytes, boundary: bytes) -> int | None:
    if not body.startswith(boundary):
        raise NotFormData("the body does not begin with its boundary")
    return _next(body, len(boundary))


def _next(body: bytes, at: int) -> int | None:
    """Where the next part begins; None after the last."""
    sign = body[at : at + 2]
    if sign == b"--":
        return None
    if sign != b"\r\n":
        raise NotFormData("a boundary is followed by something else")
    return at + 2


def _file(body: bytes, start: int, end: int) -> bytes:
    """The content of the part, if it is a file; else b"" (a field of the form)."""
    gap = body.find(b"\r\n\r\n", start, min(end, start + _HEAD_MAX_BYTES) + 4)
    if gap < 0 or gap > end:
        raise NotFormData("a part has no head")
    for line in body[start:gap].split(b"\r\n"):
        told = _DISPOSITION.match(line)
        if told and _FILE.search(told[1] or b""):
            return body[gap + 4 : end]
    return b""
