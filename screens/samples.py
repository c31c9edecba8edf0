"""All sample scenes, in the order of a visit: for the gallery, the golden pictures and the checks over every screen."""

from kiosk.journey.views import Scene
from screens import samples_a, samples_b


def scenes() -> tuple[tuple[str, Scene], ...]:
    """(name, scene); names are unique and name the picture's file."""
    before, within = samples_a.scenes(), samples_b.scenes()
    return tuple((name, scene) for name, scene in (*before, *within))
