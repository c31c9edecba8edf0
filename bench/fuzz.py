"""Fuzzed frames for every codec: what comes out is a value or `Garbled`, and nothing else.

Half of the frames are arbitrary bytes; the others are true ones (`SEEDS`) with bytes changed, lost, added and
repeated. The draw is the same in every run. A codec is anything that takes bytes: add yours to `FUZZ`, its true
frames to `SEEDS`.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from bench import fuzz_keys, fuzz_optional, fuzz_pages
from bench.report import Ratio
from devices.emulators.sample_cards import SAMPLE_CARDS
from devices.errors import Refused
from devices.id_card.card_text import format_text, parse_addresses, parse_text
from devices.id_card.sdt_frames import (
    Answer,
    Scanner,
    Sw3,
    format_answer,
    format_base,
    parse_answer,
    parse_base,
    parse_base_fingers,
    parse_management,
    parse_sam_id,
)
from devices.receipt_printer.escpos_codec import (
    Demultiplexer,
    FullStatus,
    Presenter,
    Question,
    RealTime,
    add_full_status,
    parse_status,
)

ROUNDS = 10_000
_LONGEST = 2400  # bytes; beyond any frame of any device here

Codec = Callable[[bytes], object]


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """`rounds` frames for each codec; above 1 is the share that ended as neither a value nor `Garbled`."""
    return [_ratio(name, outcomes(codec, SEEDS.get(name, ()), rounds)) for name, codec in FUZZ.items()]


def outcomes(codec: Codec, seeds: Sequence[bytes], rounds: int) -> Counter[str]:
    """How many of `rounds` frames ended how: "value", "Garbled", or the name of another exception."""
    ends: Counter[str] = Counter()
    for frame in frames(seeds, rounds):
        try:
            codec(frame)
            ends["value"] += 1
        except Exception as error:  # noqa: BLE001  whatever a codec lets out is what is counted here
            ends[type(error).__name__] += 1
    return ends


def frames(seeds: Sequence[bytes], rounds: int) -> Iterator[bytes]:
    """`rounds` frames, the same in every run."""
    draw = random.Random(20261121)
    for number in range(rounds):
        if seeds and number % 2:
            yield _damaged(bytearray(draw.choice(seeds)), draw)
        else:
            yield draw.randbytes(int(_LONGEST ** draw.random()) - 1)


def _damaged(frame: bytearray, draw: random.Random) -> bytes:
    for _ in range(draw.randint(1, 4)):
        at = draw.randrange(len(frame) + 1)
        match draw.randrange(4):
            case 0:
                frame[at : at + 1] = draw.randbytes(1)
            case 1:
                del frame[at : at + draw.randint(1, 9)]
            case 2:
                frame[at:at] = draw.randbytes(draw.randint(1, 9))
            case _:
                frame[at:at] = frame[at : at + draw.randint(1, 99)]
    return bytes(frame)


def _ratio(name: str, ends: Counter[str]) -> Ratio:
    rounds = ends.total()
    well = ends["value"] + ends["Garbled"]
    told = ", ".join(f"{count} {end}" for end, count in ends.most_common())
    return Ratio(f"fuzz: {name}, frames / value or Garbled", rounds / max(well, 1), limit=1.0, detail=told)


def _sdt(frame: bytes) -> object:
    """All that a reader's answer goes through; the first byte chooses how deep the others are put in.

    What survives damage inside a frame would be stopped by its checksum, so the inner codecs are given their bytes
    directly.
    """
    kind, rest = frame[:1], frame[1:]
    match (kind or b"\0")[0] % 8:
        case 0 | 1:
            return _sdt_line(frame)
        case 2:
            return parse_answer(format_answer(Answer(Sw3.OK, rest)))
        case 3:
            return _sdt_card(*parse_base(rest))
        case 4:
            text, photo, fingers = parse_base_fingers(rest)
            return _sdt_card(text, photo), fingers
        case 5:
            return _sdt_card(rest[:256].ljust(256, b"\0"), b"")
        case 6:
            return parse_addresses(rest)
        case _:
            return parse_sam_id(rest) if len(rest) % 2 else parse_management(rest)


def _sdt_line(stream: bytes) -> object:
    scanner = Scanner()
    scanner.feed(stream)
    heard = []
    while (frame := scanner.take()) is not None:
        heard.append(parse_answer(frame))
    return heard


def _sdt_card(text: bytes, photo: bytes) -> object:
    try:
        return parse_text(text, photo)
    except (
        Refused
    ) as refused:  # a layout that is not known is a verdict on the card, and has words of its own
        return refused.condition


def _sdt_seeds() -> tuple[bytes, ...]:
    texts = [(format_text(card), card.photo) for card in SAMPLE_CARDS.values()]
    bases = [format_base(text, photo) for text, photo in texts]
    return (
        *(format_answer(Answer(Sw3.OK, base)) for base in bases),
        *(format_answer(Answer(sw3)) for sw3 in Sw3),
        *(bytes([3]) + base for base in bases),
        *(
            bytes([4]) + format_base(text, photo, bytes(512 * (at % 3)))
            for at, (text, photo) in enumerate(texts)
        ),
        *(bytes([5]) + text for text, _ in texts),
        *(bytes([6]) + bytes(70 * count) for count in range(1, 5)),
        *(bytes([7]) + bytes(size) for size in (16, 28)),
    )


_ESCPOS_PRESENTERS: tuple[Presenter, ...] = ("none", "ppu231_bit6", "kpm150")


def _escpos(stream: bytes) -> object:
    """What a receipt printer says, cut in the middle, as each kind of printer would mean it."""
    told = []
    for presenter in _ESCPOS_PRESENTERS:
        line, half = Demultiplexer(full_status=presenter == "kpm150"), len(stream) // 2
        said = line.feed(stream[:half]) + line.feed(stream[half:])
        questions: tuple[Question, ...] = (1, 2, 3, 4)
        bytes_said = [answer.byte for answer in said if isinstance(answer, RealTime)]
        sensors = parse_status(dict(zip(questions, bytes_said, strict=False)), presenter=presenter)
        for answer in said:
            sensors = add_full_status(sensors, answer.block) if isinstance(answer, FullStatus) else sensors
        told.append((sensors.status, sensors.ready))
    return told


def _escpos_seeds() -> tuple[bytes, ...]:
    """receipt_printer.md §1, §2: status bytes, ASB blocks, GS r, GS I, DLE DC4 8, XOFF and XON, the six bytes."""
    told = (
        "12121212",
        "1A16127E",
        "12521A1E",
        "380800000F",
        "1400000F",
        "03",
        "5F4550534F4E00",
        "372500",
        "1311",
    )
    return tuple(bytes.fromhex(each) for each in (*told, "100F24020001", "100F2000000012"))


#: every codec of a driver, by the driver's name. Add yours: one line
FUZZ: dict[str, Codec] = {
    "sdt": _sdt,
    "escpos": _escpos,
    "nut": fuzz_optional.nut,
    "modbus_signals": fuzz_optional.modbus_signals,
    "sse_card": fuzz_optional.sse_card,
    **fuzz_keys.FUZZ,
    **fuzz_pages.FUZZ,
}

#: true frames, by the name of their codec
SEEDS: Mapping[str, Sequence[bytes]] = {
    "sdt": _sdt_seeds(),
    "escpos": _escpos_seeds(),
    "nut": fuzz_optional.NUT_SEEDS,
    "modbus_signals": fuzz_optional.MODBUS_SEEDS,
    "sse_card": fuzz_optional.SSE_SEEDS,
    **fuzz_keys.SEEDS,
    **fuzz_pages.SEEDS,
}
