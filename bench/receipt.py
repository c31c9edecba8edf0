"""A receipt of 40 lines with its QR code: how long our bytes take to build, against 10 ms and against python-escpos.

The slip is one that every terminal prints: hanzi that the printer's font has, two lines that must be drawn (a rare
name, a rare place), labels and values, one QR code. The peer builds the same lines by its own `text()` and `qr()`,
the code natively as ours; where it loses characters (ADR 0004) it has less to do, not more.
"""

from statistics import median
from time import perf_counter
from typing import Any

from bench.report import Ratio
from devices.emulators.escpos import EscposEmulator
from devices.receipt_printer import Element, Feed, Pair, Qr, Rule, Slip, Text
from devices.receipt_printer.columns import wrap
from devices.receipt_printer.escpos_build import library_printer
from devices.receipt_printer.escpos_settings import EscposSettings
from devices.receipt_printer.escpos_slip import pieces
from devices.receipt_printer.glyphs import GlyphBook
from ground.clock import ManualClock

ROUNDS = 40
LINES = 40
_LIMIT_S = 0.010
_WARM_UP = 3
_NUMBER = "BJ2026-1121-{:06d}"
_RARE = ("𠮷*", "天门市岳口镇㙍口村")
_MATTERS = ("居住证办理一件事", "开办餐饮店一件事", "新生儿出生一件事", "灵活就业一件事", "退休一件事")
_SETTINGS = EscposSettings(url="none:")


def measure(rounds: int = ROUNDS) -> list[Ratio]:
    """Both sides in turns; medians. Under a second."""
    glyphs = GlyphBook([path for path in (_SETTINGS.font_file, _SETTINGS.fallback_font_file) if path])
    ours, peers, longest = list[float](), list[float](), 0
    for turn in range(_WARM_UP + rounds):
        slip = sample(turn)
        before = perf_counter()
        job = b"".join(pieces(slip, _SETTINGS.page, glyphs))
        between = perf_counter()
        by_peer(slip)
        after = perf_counter()
        ours.append(between - before)
        peers.append(after - between)
        longest = max(longest, len(job))
        understood(job)
    mine, theirs = median(ours[_WARM_UP:]), median(peers[_WARM_UP:])
    cold = f"first {ours[0] * 1e3:.1f} ms, worst later {max(ours[_WARM_UP:]) * 1e3:.2f} ms"
    return [
        Ratio(
            f"receipt: {LINES} lines with QR / 10 ms",
            mine / _LIMIT_S,
            limit=1.0,
            detail=f"{mine * 1e3:.2f} ms, {cold}; {longest} bytes, all understood",
        ),
        Ratio(
            "receipt: the same / python-escpos",
            mine / theirs,
            limit=None,
            detail=f"{mine * 1e3:.2f} ms / {theirs * 1e3:.2f} ms",
        ),
    ]


def sample(turn: int) -> Slip:
    """A slip of `LINES` printed lines; number, time and QR code differ each turn, as they do in life."""
    number = _NUMBER.format(turn)
    head: list[Element] = [
        Text("天天顺", align="center", size=2, bold=True),
        Text("收件回执", align="center", size=2),
        Rule(),
        Text(number, align="center", bold=True),
        *(Pair("申请人", name) for name in _RARE),
        Pair("时间", f"2026-11-21 09:{turn % 60:02d}"),
    ]
    tail: list[Element] = [Feed(), Qr(f"TTS1:{number}"), Text("请保管好这张凭条", align="center")]
    printed = 1 + sum(not isinstance(element, Rule | Feed | Qr) for element in (*head, *tail))
    body = [Pair(f"材料{n}", f"{_MATTERS[n % 5]} 第 {n + turn} 份 1 页") for n in range(LINES - printed)]
    return Slip((*head, *body, *tail, Text("有事请问 12345", bold=True)))


def by_peer(slip: Slip) -> bytes:
    """The same slip by python-escpos' own text and QR code."""
    printer = library_printer()
    for element in slip.elements:
        _peer_element(printer, element)
    printer.cut()
    return bytes(printer.output)


def _peer_element(printer: Any, element: Element) -> None:
    match element:
        case Text(text, align, size, bold):
            printer.set(align=align, bold=bold, custom_size=True, width=size, height=size)
            for line in wrap(text, _SETTINGS.page.columns // size):
                printer.text(line + "\n")
        case Pair(label, value):
            printer.set(align="left", bold=False, custom_size=True, width=1, height=1)
            printer.text(f"{label}  {value}\n")
        case Rule():
            printer.text("-" * _SETTINGS.page.columns + "\n")
        case Qr(content, module_dots):
            printer.set(align="center")
            printer.qr(content, size=module_dots, native=True)
        case Feed(lines):
            printer.ln(lines)


def understood(job: bytes) -> None:
    """Raise AssertionError when an emulated printer does not know something in `job`."""
    emulator = EscposEmulator(ManualClock(), speed_mm_s=0.0)
    emulator.receive(job)
    emulator.take()
    assert emulator.unknown == [], emulator.unknown
    assert len(emulator.tickets) == 1
