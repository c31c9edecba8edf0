"""Where an ESC/POS printer is and what it can do: settings, and named profiles of kinds of printers.

Source: shared protocol notes, receipt_printer.md; section numbers below refer to it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from devices.receipt_printer.escpos_codec import PaperEnd, Presenter, Question
from devices.receipt_printer.escpos_slip import Encoding, Page

#: how the driver knows that a slip is out: the buffered answer to GS r 1; the time that the paper takes, while the
#: printer says that all is well; or that time alone, for printers that say nothing
End = Literal["gs_r", "idle", "time"]
ProfileName = Literal[
    "80mm",
    "58mm",
    "80mm-gbk",
    "58mm-gbk",
    "80mm-raster",
    "58mm-raster",
    "58mm-clone",
    "ppu231",
    "kpm150h",
    "blind",
]

_WIDE, _NARROW = {"width_dots": 576}, {"width_dots": 384}  # §3: 203 dpi, 72 and 48 mm of print
_DRAWN = {"encoding": "raster", "qr": "raster"}
#: settings by profile; what `terminal.toml` says beside it comes first
PROFILES: Mapping[ProfileName, Mapping[str, Any]] = {
    "80mm": _WIDE,
    "58mm": _NARROW,
    "80mm-gbk": {**_WIDE, "encoding": "gbk"},
    "58mm-gbk": {**_NARROW, "encoding": "gbk"},
    "80mm-raster": {**_WIDE, **_DRAWN},
    "58mm-raster": {**_NARROW, **_DRAWN},
    # §8: cheap boards ignore n = 3 and answer n = 4 with a constant 12h; many have no GS r, no QR code, no knife
    "58mm-clone": {**_NARROW, "encoding": "gbk", "qr": "raster", "questions": (1, 2), "end": "idle"},
    "ppu231": {**_WIDE, "presenter": "ppu231_bit6"},  # §1, one source
    # §1, one source; 1D 65 02 takes a ticket back, from memory of Custom's VKP80 manual
    "kpm150h": {**_WIDE, "presenter": "kpm150", "retract": "1D 65 02"},
    "blind": {"questions": (), "end": "time"},  # a one-way line: nothing is ever heard
}


class EscposSettings(BaseModel):
    """Where the printer is and what it can do; probed once at commissioning (docs/devices/escpos.md)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["escpos"] = "escpos"
    url: str
    baud: int = 115200
    profile: ProfileName = "80mm"  #: what the fields below are when they are not given
    width_dots: Literal[384, 576] = 576  #: 384 for 58 mm paper, 576 for 80 mm
    encoding: Encoding = "gb18030"  #: "raster" draws every line, for printers without Chinese
    qr: Literal["native", "raster"] = "native"
    cut: Literal["full", "partial"] = "full"
    paper_end: PaperEnd = "both"  #: "bit5" for kiosk units whose bit 6 is something else (§1)
    presenter: Presenter = "none"
    retract: str = Field(
        default="", pattern=r"^([0-9A-Fa-f]{2} ?)*$"
    )  #: hex; takes back a ticket nobody took
    eject: str = Field(default="", pattern=r"^([0-9A-Fa-f]{2} ?)*$")  #: hex; sent behind the cut
    questions: tuple[Question, ...] = (1, 4, 2, 3)  #: which DLE EOT it answers; the weightiest first
    end: End = "gs_r"
    paper_mm_s: float = Field(
        default=60.0, gt=0, le=500
    )  #: how fast it prints at its slowest; for "idle", "time"
    font_file: Path = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")  #: draws rare characters
    fallback_font_file: Path | None = Path("/usr/share/fonts/truetype/babelstone/BabelStoneHan.ttf")
    timeout_s: float = Field(default=0.3, gt=0, le=5)  #: for one status byte
    silence_s: float = Field(default=3.0, gt=0, le=60)  #: of a printer at work, until it counts as gone
    job_timeout_s: float = Field(default=30.0, gt=0, le=300)  #: for one slip, from first byte to idle

    @model_validator(mode="before")
    @classmethod
    def _of_profile(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        profile = PROFILES.get(given.get("profile", "80mm"), {})  # an unknown name is the field's own mistake
        return {**profile, **given}

    @model_validator(mode="after")
    def _can_end(self) -> Self:
        if not self.questions and self.end != "time":
            raise PydanticCustomError(
                "silent_printer", 'a printer that answers no questions needs end = "time"'
            )
        return self

    @property
    def page(self) -> Page:
        """What a slip is laid out for."""
        return Page(self.width_dots, self.encoding, self.qr, self.cut)

    @property
    def answers(self) -> bool:
        """Whether the printer ever says anything."""
        return bool(self.questions)
