"""What there is to see while her phone or her stick brings the pages. Pure, like `show`."""

from datetime import datetime
from typing import Literal

from kiosk.intake.stick import FileKind
from kiosk.journey import views
from kiosk.journey.record import Record


def phone_view(record: Record, material: views.MaterialCard, now: datetime) -> views.Phone:
    """The code to scan, or what the phone has done."""
    brought, wanted = record.brought, record.material()
    state: Literal["asking", "waiting", "opened", "over"] = "asking"
    if brought.over:
        state = "over"
    elif brought.url:
        state = "opened" if brought.opened or brought.arrived else "waiting"
    left_s = (brought.ends - now).total_seconds() if brought.ends else 0.0
    kept = len(record.kept(record.slot))
    return views.Phone(
        material=material,
        state=state,
        url=brought.url,
        minutes_left=max(1, int(-(-left_s // 60))) if brought.url else 0,
        arrived=brought.arrived,
        working=brought.arrived > brought.made,
        kept=kept,
        max_pages=wanted.max_pages,
        enough=kept >= wanted.min_pages,
        trouble=record.trouble,
        slow=record.slow and state == "asking",
    )


def stick_view(record: Record, material: views.MaterialCard) -> views.Stick:
    """The files to choose from."""
    brought, wanted = record.brought, record.material()
    kept = len(record.kept(record.slot))
    return views.Stick(
        material=material,
        state=brought.stick or "looking",
        files=tuple(
            views.FileCard(
                file.number,
                file.name,
                file.kind is FileKind.PDF,
                brought.pictures.get(file.number, b""),
                brought.unreadable.get(file.number, ""),
            )
            for file in brought.files
        ),
        kept=kept,
        max_pages=wanted.max_pages,
        enough=kept >= wanted.min_pages,
        working=record.taking,
        trouble=record.trouble,
    )
