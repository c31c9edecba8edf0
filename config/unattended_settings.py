"""What a terminal that nobody looks after goes by: how often it may fail, when the window is open, its battery."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from config.section import HOUR, Section


class Failsafe(Section):
    """What follows when the face fails again and again."""

    crashes: Annotated[int, Field(ge=2, le=20, description="so many within within_s: safe mode")] = 3
    within_s: Annotated[float, Field(ge=10, le=86400)] = 600.0
    calm_s: Annotated[float, Field(ge=10, le=86400, description="without another one, safe mode is left")] = (
        1800.0
    )
    plain_page_s: Annotated[
        float,
        Field(ge=1, le=86400, description="how long the plain page stands before the face is tried again"),
    ] = 600.0


class OpenSpell(Section):
    """A part of the week in which somebody sits behind the window."""

    days: Annotated[
        tuple[Annotated[int, Field(ge=1, le=7)], ...],
        Field(min_length=1, max_length=7, description="1 Monday to 7 Sunday"),
    ]
    begins: Annotated[str, Field(pattern=HOUR, description="hour:minute")]
    ends: Annotated[str, Field(pattern=HOUR, description="may lie after midnight")]


class WindowHours(Section):
    """When the place's window is open, and what this terminal does while it is not."""

    mode: Annotated[
        Literal["all_day", "window"],
        Field(description="window: matters are taken only while the window is open"),
    ] = "all_day"
    open: Annotated[tuple[OpenSpell, ...], Field(max_length=21, description="none: not known")] = ()
    holidays: Annotated[
        Path | None, Field(description="TOML with the days that the calendar takes out or puts in")
    ] = None


class PowerUse(Section):
    """What happens on battery; it needs [devices.ups]."""

    finish_s: Annotated[
        float, Field(ge=10, le=7200, description="on battery until visits end and the machine goes down")
    ] = 300.0
    down_charge_percent: Annotated[float, Field(ge=0, le=100, description="or below so much")] = 50.0
    down_command: Annotated[
        tuple[str, ...],
        Field(
            max_length=16, description="what asks the machine to go down; the shipped one is seen by systemd"
        ),
    ] = ("/usr/bin/touch", "/run/tiantianshun/power-off")
