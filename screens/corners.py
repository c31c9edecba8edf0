"""Which corner of the glass a touch lies in. No Kivy here."""

from kiosk.tending.knock import Corner

#: of the shorter side: 160 of 1080 pixels, 44 mm on the panel of the design; a thumb that grips the edge lies there
SHARE = 160 / 1080


def corner_at(at: tuple[float, float], size: tuple[float, float]) -> Corner | None:
    """`at` and `size` in pixels, origin at the lower left; None away from every corner."""
    (x, y), (wide, high) = at, size
    extent = SHARE * min(wide, high)
    if extent < x < wide - extent or extent < y < high - extent:
        return None
    if y >= high - extent:
        return "top_left" if x <= extent else "top_right"
    return "bottom_left" if x <= extent else "bottom_right"
