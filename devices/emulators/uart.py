"""What a serial receiver hears of bytes that were sent at another speed than its own.

A receiver waits for the line to fall, looks into the middle of each of the eight bits that should follow, and
into the stop bit; where that is low it has a framing error. Both ends of a wrong speed therefore hear bytes that
were never sent, or none, and by no means silence: that is what a driver that looks for the speed has to stand.
"""

_BITS = 10  # 8N1: start (low), eight data bits, the lowest first, stop (high)


def heard_at(data: bytes, sent_baud: int, own_baud: int) -> bytes:
    """What a receiver at `own_baud` makes of `data`, sent without a pause at `sent_baud` on an idle line.

    Bytes with a framing error are lost, as a tty with IGNPAR loses them.
    """
    if sent_baud == own_baud:
        return data
    levels = [level for byte in data for level in _levels(byte)]
    heard = bytearray()
    at = 0.0  # in bit times of the sender
    step = sent_baud / own_baud  # of one bit time of the receiver
    while (start := _next_fall(levels, at)) is not None:
        bits = [_level(levels, start + (1.5 + bit) * step) for bit in range(8)]
        if _level(levels, start + 9.5 * step):
            heard.append(sum(bit << place for place, bit in enumerate(bits)))
        at = start + 9.5 * step
    return bytes(heard)


def _levels(byte: int) -> list[int]:
    return [0, *((byte >> bit) & 1 for bit in range(_BITS - 2)), 1]


def _level(levels: list[int], at: float) -> int:
    return levels[int(at)] if at < len(levels) else 1


def _next_fall(levels: list[int], at: float) -> int | None:
    """Where the line falls next, at or after `at`; a line that is still low must rise first."""
    place = int(at) + (at > int(at))
    before = _level(levels, place - 1) if place else 1
    while place < len(levels):
        if before and not levels[place]:
            return place
        before, place = levels[place], place + 1
    return None
