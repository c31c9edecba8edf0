"""The codecs of the small, optional devices, as `bench.fuzz` wants them: anything that takes bytes."""

from devices.chip_card.apdu_line import is_atr
from devices.chip_card.sse_records import RECORDS, format_card, format_record, parse_card, parse_record
from devices.emulators.sse_card import ATR, SOCIAL_CARDS
from devices.errors import Refused, Unreachable
from devices.signals.lcus_board import parse_relay
from devices.signals.modbus_frames import (
    Function,
    find_answer,
    format_exception,
    format_frame,
    missing_bytes,
    read_bits,
    write_bit,
    write_bits,
)
from devices.ups.nut_lines import parse_list, parse_number, parse_on_mains, parse_value

_QUESTIONS = (
    read_bits(1, Function.READ_COILS, 0, 1),
    read_bits(1, Function.READ_INPUTS, 0, 16),
    write_bit(1, 3, True),
    write_bits(1, 0, [True] * 5),
)


def nut(told: bytes) -> object:
    """An answer of upsd: a list, or the value that was asked for."""
    try:
        if told.startswith(b"BEGIN"):
            return parse_list(told.splitlines(keepends=True))
        value = parse_value(told, "kiosk", "ups.status")
    except (Refused, Unreachable) as error:  # what upsd refuses is an answer too
        return error.code
    return parse_number(value, 0, 100), parse_on_mains(frozenset((value or "").split()))


def modbus_signals(stream: bytes) -> object:
    """What a board says, as the answer to each question that is put to it."""
    answers = [(find_answer(stream, asked), missing_bytes(stream, asked)) for asked in _QUESTIONS]
    return answers, parse_relay(stream)


def sse_card(told: bytes) -> object:
    """A card's answer; the first byte chooses as which of its records it is read."""
    record = RECORDS[(told[:1] or b"\0")[0] % len(RECORDS)]
    return parse_card({record.item: parse_record(record, told[1:])}), is_atr(told[1:])


NUT_SEEDS = (
    b'BEGIN LIST UPS\nUPS kiosk "Kiosk supply"\nEND LIST UPS\n',
    b'VAR kiosk ups.status "OB LB"\n',
    b"ERR DATA-STALE\n",
)
MODBUS_SEEDS = (
    *(
        format_frame(bytes.fromhex(told))
        for told in ("01010101", "01020203FF", "01050003FF00", "010F00000005")
    ),
    format_exception(1, Function.READ_INPUTS, 2),
    bytes.fromhex("A00101A2"),
)
SSE_SEEDS = (
    ATR,
    *(
        bytes([at]) + format_record(record, format_card(card)[record.item])
        for card in SOCIAL_CARDS.values()
        for at, record in enumerate(RECORDS)
    ),
)
