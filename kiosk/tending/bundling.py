"""A support bundle for whoever looks after the terminal: made, handed over. Part of `Tending`, as `Door` is."""

from dataclasses import replace
from typing import Final

from kiosk.tending import events as te
from kiosk.tending.stage import BundleTo
from kiosk.tending.views import Bundling

#: where it can be handed over; each is offered when the other failed
WAYS: Final[tuple[BundleTo, ...]] = ("stick", "platform")


def begun(to: BundleTo) -> Bundling:
    """Nothing is made yet."""
    return Bundling(to)


def heard(view: Bundling, event: te.BundleGoes | te.BundleEnded | te.TendingFailed) -> Bundling:
    """As it stands after this."""
    match event:
        case te.BundleGoes():
            return replace(view, stage=event.stage, done=event.done, of=event.of)
        case te.BundleEnded():
            state = "failed" if event.came_to.code else "done"
            return replace(view, state=state, came_to=event.came_to)  # type: ignore[arg-type]  # one of the three
        case te.TendingFailed():
            return replace(view, state="failed", came_to=te.Bundled(event.code))


def way(key: str) -> BundleTo | None:
    """Which way a line or a button means; None for none."""
    return next((one for one in WAYS if one == key), None)
