"""The child process that reads one PDF from standard input and writes its pages to standard output.

Each page is a line of JSON (`width`, `height`, `dpi`) and then its BGR bytes; the last line says `done` or `refused`
with a code of `unreadable.Reason`. Run by `kiosk.capture.pdf` as a plain file in an isolated interpreter: it imports
nothing of the kiosk. Memory and processor time are capped before the file is looked at, and it can write no file.
"""

import io
import json
import math
import resource
import sys
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2

_MOST_MEMORY = (
    1 << 30
)  # bytes of address space; 16 megapixels need 64 MB, libraries and interpreter map 300 MB
_MOST_SECONDS = 120  # of processor time for one file; an ordinary page takes 0.1
_MOST_OBJECTS = 200_000  # a document of 60 pages has some thousands
_DPI = 300
_LEAST_DPI = 100  # A0 at 16 megapixels has 101: what is larger is no paper
_MOST_PIXELS = 16_000_000
_DEEPEST = 40  # dictionaries within dictionaries
_ACTIONS = ("/JavaScript", "/Launch", "/ImportData")  # ISO 32000-1, 12.6.4: these start something
_ACTIVE_KEYS = ("/JS", "/XFA")
_ENCRYPTED, _ACTIVE, _PAGES, _COSTLY, _LARGE, _BROKEN = "F111", "F112", "F113", "F114", "F104", "F105"


class _Refused(Exception):
    """The file is not rendered; the code says why."""


def main(most_pages: int) -> None:
    """Read, look for what must not be there, render."""
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no picture on the disk
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        _inspect(data, most_pages)
        for width, height, dpi, rows in _rendered(data):
            _say({"width": width, "height": height, "dpi": dpi})
            for row in rows:
                sys.stdout.buffer.write(row)
    except _Refused as refused:
        _say({"refused": str(refused)})
    except MemoryError:
        _say({"refused": _COSTLY})
    except (pikepdf.PdfError, pypdfium2.PdfiumError, ValueError, RuntimeError, TypeError):
        _say({"refused": _BROKEN})
    else:
        _say({"done": True})
    sys.stdout.buffer.flush()


def _inspect(data: bytes, most_pages: int) -> None:
    """Raises `_Refused` for what is encrypted, active, or too much."""
    try:
        pdf = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise _Refused(_ENCRYPTED) from error
    with pdf:
        if pdf.is_encrypted:
            raise _Refused(_ENCRYPTED)
        if len(pdf.pages) > most_pages:
            raise _Refused(_PAGES)
        if not len(pdf.pages):
            raise _Refused(_BROKEN)
        if len(pdf.objects) > _MOST_OBJECTS:
            raise _Refused(_COSTLY)
        if any(_is_active(thing, 0) for thing in pdf.objects) or _is_active(pdf.trailer, 0):
            raise _Refused(_ACTIVE)


def _is_active(thing: Any, depth: int) -> bool:
    """Whether something in this object would start a program or a script. Indirect objects come by themselves."""
    if depth > _DEEPEST:
        raise _Refused(_COSTLY)
    if isinstance(thing, pikepdf.Array):
        return any(_is_active(part, depth + 1) for part in _direct(thing))
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    if any(key in thing for key in _ACTIVE_KEYS) or str(thing.get("/S", "")) in _ACTIONS:
        return True
    return any(_is_active(part, depth + 1) for part in _direct(thing.values()))


def _direct(parts: Any) -> Iterator[Any]:
    for part in parts:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield part


def _rendered(data: bytes) -> Iterator[tuple[int, int, int, Iterator[memoryview]]]:
    """Width, height, dpi and rows of each page; one bitmap at a time."""
    with pypdfium2.PdfDocument(data) as pdf:
        pdf.init_forms()  # what was filled in shows; this build has no JavaScript engine
        for number in range(len(pdf)):
            page = pdf[number]
            dpi = _fitting_dpi(*page.get_size())
            bitmap = page.render(scale=dpi / 72)
            yield bitmap.width, bitmap.height, dpi, _rows(bitmap)
            bitmap.close()
            page.close()


def _fitting_dpi(width_pt: float, height_pt: float) -> int:
    inches = width_pt / 72 * height_pt / 72
    if not inches > 0 or not math.isfinite(inches):
        raise _Refused(_BROKEN)
    dpi = min(_DPI, math.floor(math.sqrt(_MOST_PIXELS / inches)))
    if dpi < _LEAST_DPI:
        raise _Refused(_LARGE)
    return dpi


def _rows(bitmap: Any) -> Iterator[memoryview]:
    """BGR rows without the padding that pdfium puts at their ends."""
    if bitmap.n_channels != 3:
        raise _Refused(_BROKEN)
    whole = memoryview(bitmap.buffer).cast("B")
    for row in range(bitmap.height):
        yield whole[row * bitmap.stride : row * bitmap.stride + 3 * bitmap.width]


def _say(what: dict[str, Any]) -> None:
    sys.stdout.buffer.write(json.dumps(what).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]))
