"""The settings of `devices.page_printer.ipp`, by themselves: every terminal reads them, few have such a printer.

What speaks IPP (aiohttp, pyipp) takes a quarter of a second to import, and a face that starts has none to spare.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class IppSettings(BaseModel):
    """Where the printer is and what it may be asked (docs/devices/ipp.md)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    driver: Literal["ipp"] = "ipp"
    url: str = Field(pattern=r"^ipps?://[^/]+(/.*)?$")
    user: str = Field(
        "kiosk", pattern=r"^[A-Za-z0-9._-]{1,32}$"
    )  #: as whom; one for each terminal at one printer
    timeout_s: float = Field(8.0, gt=0)  #: for everything that one call asks
    submit_timeout_s: float = Field(60.0, gt=0)  #: the same for handing over a document
    largest_pdf_mb: int = Field(32, ge=1, le=512)
    media: str = "iso_a4_210x297mm"
    purge_at_open: bool = True
    whole_queue: bool = False  #: the printer is this terminal's alone: purge everybody's jobs and the history
    verify_tls: bool = False  #: printers sign their certificates themselves
