"""What ESC/POS commands do to the paper.

Source: shared protocol notes, receipt_printer.md §3 to §5.
"""

from typing import Literal

from PIL import Image

from devices.emulators.escpos_commands import TEXT, UNKNOWN, Command
from devices.emulators.escpos_paper import KNIFE_DOTS, Cut, Paper, Style

_QR = 0x31  # GS ( k: the family of two-dimensional codes that is QR
_CODE_PAGE = "cp437"  # what the bytes 80 to FF are while Kanji mode is off and no page was chosen
#: the characters that a printer has; what is sent outside of them comes out as garbage
Font = Literal["gb18030", "gbk", "none"]
_CHARACTER_SETS = {"gb18030": "gb18030", "gbk": "gbk"}
_UNDRAWN = ("GS k", "ESC *", "GS *", "GS /", "FS p")  # would print, but not on this paper


def cut_of(command: Command) -> Cut | None:
    """Which cut `command` makes, if any (§5)."""
    match command.name, command.body[:1]:
        case "GS V", b"\x00" | b"0" | b"A":
            return "full"
        case ("GS V", _) | ("ESC m", _):
            return "partial"
        case "ESC i", _:
            return "full"
        case _:
            return None


class Interpreter:
    """Executes commands on a paper. What it cannot draw is added to `unknown`."""

    def __init__(self, paper: Paper, unknown: list[bytes]) -> None:
        self._paper = paper
        self._unknown = unknown
        self.font: Font = "gb18030"
        self._kanji = True
        self._qr_content, self._qr_module, self._qr_correction = b"", 3, 0

    def execute(self, command: Command) -> None:
        """Do what `command` says. Known commands that change nothing on this paper pass silently."""
        body = command.body
        match command.name:
            case name if name == TEXT:
                self._write(body)
            case "LF" | "FF":
                self._paper.end_line()
            case "ESC @":
                self._paper.forget_line()
                self._paper.style = Style()
                self._kanji = True
            case "FS &" | "FS .":
                self._kanji = command.name == "FS &"
            case "ESC d":
                self._paper.flush()
                self._paper.feed(body[0] * self._paper.style.spacing)
            case "ESC J":
                self._paper.feed(body[0])
            case "GS v":
                self._raster(body)
            case "GS (":
                self._two_dimensional(command)
            case "GS V":
                self._paper.flush()
                if body[0] in (0x41, 0x42):
                    self._paper.feed(body[1] + KNIFE_DOTS)
            case name if name == UNKNOWN or name in _UNDRAWN:
                self._unknown.append(command.raw)
            case _:
                self._restyle(command)

    def _restyle(self, command: Command) -> None:
        style, body = self._paper.style, command.body
        match command.name:
            case "ESC a":
                style.align = body[0] % 0x30 if body[0] % 0x30 < 3 else style.align
            case "ESC E" | "ESC G":
                style.bold = bool(body[0] & 1)
            case "ESC -" | "FS -":
                style.underline = body[0] % 0x30 % 3
            case "ESC !":
                style.bold, style.underline = bool(body[0] & 0x08), int(bool(body[0] & 0x80))
                style.wide, style.high = 1 + bool(body[0] & 0x20), 1 + bool(body[0] & 0x10)
            case "GS !":
                style.wide, style.high = (body[0] >> 4 & 7) + 1, (body[0] & 7) + 1
            case "GS B":
                style.inverted = bool(body[0] & 1)
            case "ESC 3":
                style.spacing = body[0]
            case "ESC 2":
                style.spacing = Style().spacing
            case "GS L":
                style.left_margin = body[0] | body[1] << 8

    def _write(self, code: bytes) -> None:
        chinese = _CHARACTER_SETS.get(self.font) if self._kanji else None
        text = code.decode(chinese or _CODE_PAGE, "replace")
        if "\ufffd" in text or (self._kanji and not chinese and not text.isascii()):
            self._unknown.append(code)
        self._paper.write(text)

    def _raster(self, body: bytes) -> None:
        row_bytes, rows = body[2] | body[3] << 8, body[4] | body[5] << 8
        if body[0] != 0x30 or not row_bytes or not rows:
            self._unknown.append(body[:6])
            return
        dots = Image.frombytes("1", (row_bytes * 8, rows), body[6:])
        wide, high = 1 + (body[1] & 1), 1 + (body[1] >> 1 & 1)
        self._paper.picture(dots.resize((dots.width * wide, dots.height * high), Image.Resampling.NEAREST))

    def _two_dimensional(self, command: Command) -> None:
        """GS ( k for QR codes (§5): pL pH cn fn parameters."""
        letter, family, function = (command.body[:1], *command.body[3:5], 0, 0)[:3]
        parameters = command.body[5:]
        if letter != b"k" or family != _QR:
            self._unknown.append(command.raw)
            return
        match function:
            case 0x43:
                self._qr_module = max(1, min(parameters[0], 16))
            case 0x45:
                self._qr_correction = (parameters[0] - 0x30) & 3
            case 0x50:
                self._qr_content = parameters[1:]
            case 0x51 if self._qr_content:
                self._paper.qr(self._qr_content, self._qr_module, self._qr_correction)
