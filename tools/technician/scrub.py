"""What a real card said is taken off a tape before it reaches the disk: an invented person stands there instead,
with a card of the same kind, so that its layout is still told.
"""

from collections.abc import Callable, Mapping
from typing import Final

from devices.emulators.sample_cards import FOREIGNER_2017, FOREIGNER_2023, HMT_RESIDENT, WANG_XIAOMING
from devices.errors import DeviceError, Garbled
from devices.id_card import CardKind, IdCard
from devices.id_card.card_text import format_text, parse_text
from devices.id_card.sdt_frames import (
    HEADER,
    PREAMBLE,
    Answer,
    Request,
    Scanner,
    format_answer,
    format_base,
    parse_answer,
    parse_base,
    parse_base_fingers,
    parse_request,
)
from devices.wire.tape import Entry, Passed, Plug

_PHOTO: Final = bytes(1024)
_SAM_ID_BYTES: Final = 16  # §3.4; FIND answers 4, SELECT 8, 30 05 28, addresses 70 or more
_SAMPLES: Final[Mapping[CardKind, IdCard]] = {
    card.kind: card for card in (WANG_XIAOMING, HMT_RESIDENT, FOREIGNER_2017, FOREIGNER_2023)
}
#: (command, parameter) of the requests whose answers come from the card: find, select, and every read (§3)
_FIND, _SELECT = (0x20, 0x01), (0x20, 0x02)
_BASE, _BASE_FINGERS, _ADDRESS, _MANAGEMENT = (0x30, 0x01), (0x30, 0x10), (0x30, 0x03), (0x30, 0x05)


def scrub_sdt(entries: list[Entry]) -> list[Entry]:
    """The same session with the sample card; every read keeps its length and its instant."""
    out: list[Entry] = []
    run: list[Passed] = []
    asked: Request | None = None
    for entry in [*entries, Plug(False)]:
        if isinstance(entry, Passed) and entry.to == "host":
            run.append(entry)
            continue
        out += _recut(run, _sample(asked, b"".join(piece.data for piece in run)))
        run = []
        out.append(entry)
        if isinstance(entry, Passed):
            asked = _request(entry.data)
    return out[:-1]


def _request(data: bytes) -> Request | None:
    try:
        return parse_request(data)
    except Garbled:
        return None


def _sample(asked: Request | None, said: bytes) -> bytes:
    """What the module would have said of the sample card; of what is no whole answer only the length stays."""
    verb = None if asked is None else (asked.command, asked.parameter)
    if verb not in (_FIND, _SELECT, _BASE, _BASE_FINGERS, _ADDRESS, _MANAGEMENT):
        return _of_no_card(said)  # a card's answer may come late, after a question about something else
    try:
        answer = parse_answer(said)
        body = _sample_body(verb, answer.body)
        return format_answer(Answer(answer.sw3, body, answer.sw1, answer.sw2))
    except (DeviceError, TypeError):  # Refused: a document of a layout that nobody knows
        return _of_no_card(said)


def _of_no_card(said: bytes) -> bytes:
    """`said` with zeros wherever a card could speak: only headers stay, and whole answers of the module alone."""
    out, at = bytearray(len(said)), 0
    scanner = Scanner()
    scanner.feed(said)
    while (frame := scanner.take()) is not None:
        at = said.index(frame, at)
        kept = frame if _of_the_module(frame) else frame[:HEADER]
        out[at : at + len(kept)] = kept
        at += len(frame)
    begun = said.find(PREAMBLE, at)
    if begun >= 0:
        out[begun : begun + HEADER] = said[begun : begun + HEADER]
    return bytes(out)


def _of_the_module(frame: bytes) -> bool:
    """Whether it is a bare status or the security module's id; no answer of a card is that short or has that size."""
    try:
        return len(parse_answer(frame).body) in (0, _SAM_ID_BYTES)
    except Garbled:
        return False


def _sample_body(verb: tuple[int, int], body: bytes) -> bytes:
    if not body:
        return body
    if verb == _BASE:
        return format_base(_sample_text(*parse_base(body)), _PHOTO)
    if verb == _BASE_FINGERS:
        text, photo, fingers = parse_base_fingers(body)
        return format_base(_sample_text(text, photo), _PHOTO, bytes(sum(map(len, fingers))))
    if verb == _ADDRESS:
        return (WANG_XIAOMING.address.encode("utf-16-le") + b" \x00" * (len(body) // 2))[: len(body)]
    return bytes(len(body))


def _sample_text(text: bytes, photo: bytes) -> bytes:
    """What the sample of the same kind of card says. Raises `Garbled`."""
    return format_text(_SAMPLES[parse_text(text, photo).kind])


def _recut(run: list[Passed], data: bytes) -> list[Entry]:
    """`data` in the pieces in which it was read."""
    out: list[Entry] = []
    for piece in run:
        out.append(Passed(piece.at, "host", data[: len(piece.data)]))
        data = data[len(piece.data) :]
    return out


#: driver → how its tapes are scrubbed
SCRUBBERS: Final[Mapping[str, Callable[[list[Entry]], list[Entry]]]] = {"sdt": scrub_sdt}
#: kinds that read what may name a person; without a scrubber they are recorded with test media only
READS_PEOPLE: Final = frozenset({"id_card", "chip_card", "code_scanner"})
