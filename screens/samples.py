"""All sample scenes, in the order of a visit: for the gallery, the golden pictures and the checks over every screen."""

from kiosk.journey.views import Capture, Scene
from kiosk.preview import LivePicture
from screens import (
    samples_a,
    samples_b,
    samples_c,
    samples_inside,
    samples_setup,
    samples_simple,
    samples_tending,
)


def scenes() -> tuple[tuple[str, Scene], ...]:
    """(name, scene); names are unique and name the picture's file."""
    return (
        *samples_a.scenes(),
        *samples_b.scenes(),
        *samples_c.scenes(),
        *samples_inside.scenes(),
        *samples_simple.scenes(),
        *samples_setup.scenes(),
        *samples_tending.scenes(),
    )


def previews() -> dict[str, LivePicture]:
    """What the document camera sees, by the name of the scene; nothing where the camera is broken."""
    seen = {}
    for name, scene in scenes():
        view = scene.view
        if isinstance(view, Capture) and not view.trouble.startswith("D"):
            steady = 0.6 if view.sheet == "steady" else 0.0
            seen[name] = samples_b.live_picture(steady, laid=view.sheet != "none")
    return seen
