"""A page as one run of bytes and back, so that it outlives the process that made it. Never written unsealed."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from kiosk.capture.clean import Mode
from kiosk.capture.flatten import SheetSize
from kiosk.capture.judge import Measures, Verdict
from kiosk.capture.origin import Origin, Way
from kiosk.capture.page import Page

_PICTURES = ("jpeg", "view_jpeg", "thumbnail_jpeg")
_PLAIN = (
    "width", "height", "dpi", "sha256", "source_sha256", "confidence", "rotation", "text_orientation",
    "sheets_found", "px_per_mm", "calibrated",
)  # fmt: skip


def packed(page: Page) -> bytes:
    """One line of JSON about the page, then its three pictures. The untouched original does not travel along."""
    pictures = [getattr(page, name) for name in _PICTURES]
    told = {name: getattr(page, name) for name in _PLAIN} | {
        "size": page.size.value,
        "mode": page.mode.value,
        "corners": page.corners,
        "verdicts": [verdict.value for verdict in page.verdicts],
        "measures": asdict(page.measures) | {"fingerprint": page.measures.fingerprint.hex()},
        "fingerprint": page.fingerprint.hex(),
        "origin": _told(page.origin),
        "lengths": [len(picture) for picture in pictures],
    }
    return json.dumps(told).encode("ascii") + b"\n" + b"".join(pictures)


def unpacked(content: bytes) -> Page:
    """The page again. Raises ValueError for anything that `packed` did not make, or that was cut."""
    try:
        head, _, rest = content.partition(b"\n")
        told = json.loads(head)
        if len(rest) != sum(told["lengths"]):
            raise ValueError("cut")
        plain: dict[str, Any] = dict(zip(_PICTURES, _parts(rest, told["lengths"]), strict=True))
        plain |= {name: told[name] for name in _PLAIN}
        corners = told["corners"]
        measures = told["measures"]
        return Page(
            **plain,
            size=SheetSize(told["size"]),
            mode=Mode(told["mode"]),
            corners=None if corners is None else tuple((float(x), float(y)) for x, y in corners),
            verdicts=tuple(Verdict(verdict) for verdict in told["verdicts"]),
            measures=Measures(**measures | {"fingerprint": bytes.fromhex(measures["fingerprint"])}),
            fingerprint=bytes.fromhex(told["fingerprint"]),
            origin=_origin(told["origin"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"no packed page: {type(error).__name__}") from None


def _parts(rest: bytes, lengths: list[int]) -> list[bytes]:
    parts, at = [], 0
    for length in lengths:
        parts.append(rest[at : at + length])
        at += length
    return parts


def _told(origin: Origin | None) -> dict[str, Any] | None:
    if origin is None:
        return None
    at = origin.at.isoformat() if origin.at else None
    return {"way": origin.way.value, "device": origin.device, "at": at, "clock": origin.clock}


def _origin(told: dict[str, Any] | None) -> Origin | None:
    if told is None:
        return None
    at = datetime.fromisoformat(told["at"]) if told["at"] else None
    return Origin(way=Way(told["way"]), device=told["device"], at=at, clock=told["clock"])
