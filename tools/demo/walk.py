"""A whole visit by a real pointer: looks where the buttons are, touches the glass, lays papers under the camera."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from ground.clock import Clock
from tools.demo.probe import Sight
from tools.demo.xserver import Pointer

#: how long a step may take on a slow, busy machine; nothing waits that long when all is well
LIMIT_S = 60.0
_SETTLE_S = 0.35  # a screen is complete two frames after its view; the picture is taken a little later
_PATIENCE_S = 6.0  # chosen: ten times what a view takes to change on a machine with four times its work
_TURN_S = 2.0  # chosen: whoever does not find a button looks this long before she turns the list


#: her name, as strokes on the pad; points run over 0..1 of its width and height
_NAME = [
    [(0.15, 0.3), (0.3, 0.28), (0.45, 0.3)],
    [(0.3, 0.28), (0.3, 0.5), (0.28, 0.72)],
    [(0.16, 0.5), (0.3, 0.49), (0.44, 0.5)],
    [(0.12, 0.74), (0.3, 0.72), (0.48, 0.74)],
    [(0.6, 0.25), (0.66, 0.4), (0.62, 0.55)],
    [(0.72, 0.3), (0.72, 0.6), (0.68, 0.72)],
    [(0.85, 0.35), (0.9, 0.5), (0.88, 0.65)],
]


class Lost(Exception):
    """The walk did not find what it expected to see."""


class Walker:
    """Eyes, a finger, and patience."""

    def __init__(self, sight: Sight, pointer: Pointer, clock: Clock, pictures: Path) -> None:
        self._sight = sight
        self._pointer = pointer
        self._clock = clock
        self._pictures = pictures
        self.screens: list[str] = []
        self.pictures_taken: list[str] = []

    def look(self) -> dict[str, Any]:
        """What is shown now."""
        return self._sight.look()

    def view(self) -> str:
        """The view that is shown now, in snake case."""
        return str(self._sight.look()["view"])

    def until(self, met: Callable[[dict[str, Any]], bool], what: str) -> dict[str, Any]:
        """Look until `met`; the look that met it. Raises Lost."""
        give_up = self._clock.after(LIMIT_S)
        while True:
            seen = self._sight.look()
            if met(seen):
                return seen
            if self._clock.due(give_up):
                self.picture("lost")
                raise Lost(f"waited for {what}, still see {seen['view']} with {sorted(seen['targets'])}")
            self._clock.wait(0.1)

    def see(self, *views: str) -> str:
        """Wait for one of these views, take its picture once, say which it is."""
        seen = self.until(lambda look: look["view"] in views, " or ".join(views))
        view = str(seen["view"])
        if view not in self.screens:
            self.screens.append(view)
            self.picture(view)
        return view

    def picture(self, name: str) -> None:
        """Keep what is on the glass as NN-name.png. A window's first frame comes a while after its first view."""
        give_up = self._clock.after(LIMIT_S)
        while self._pointer.dark() and not self._clock.due(give_up):
            self._clock.wait(0.1)
        self._clock.wait(_SETTLE_S)
        self.pictures_taken.append(name)
        self._pointer.save_picture(self._pictures / f"{len(self.pictures_taken):02d}-{name}.png")

    def find(self, *keys: str) -> tuple[str, tuple[float, float]]:
        """The first of these buttons that can be touched, and its middle. Waits for it, and turns the list to it."""
        turn = self._clock.after(_TURN_S)

        def there(look: dict[str, Any]) -> bool:
            nonlocal turn
            if any(key in look["targets"] for key in keys):
                return True
            onward = next((key for key in ("scroll.down", "scroll.up") if key in look["targets"]), None)
            if onward is not None and self._clock.due(turn):
                left, top, width, height = look["targets"][onward]
                self._pointer.tap(left + width / 2, top + height / 2)
                turn = self._clock.after(_TURN_S)
            return False

        seen = self.until(there, " or ".join(keys))
        key = next(key for key in keys if key in seen["targets"])
        left, top, width, height = seen["targets"][key]
        return key, (left + width / 2, top + height / 2)

    def tap(self, *keys: str) -> str:
        """Touch the first of these buttons that is there."""
        key, (x, y) = self.find(*keys)
        self._pointer.tap(x, y)
        return key

    def tap_until(self, key: str, gone_from: str) -> None:
        """Touch until the view is another one: a finger, too, touches again when nothing happens."""
        give_up = self._clock.after(LIMIT_S)
        while self.view() == gone_from:
            if self._clock.due(give_up):
                raise Lost(f"{key} does not lead away from {gone_from}")
            if key in self._sight.look()["targets"]:
                self.tap(key)
            # a busy machine answers late, and a second touch would fall on the next view's button
            patience = self._clock.after(_PATIENCE_S)
            while self.view() == gone_from and not self._clock.due(patience):
                self._clock.wait(0.1)

    def sign(self) -> None:
        """Write her name with the finger, and say that it is done."""
        self.draw("sign.pad", _NAME)
        self.picture("signed")
        self.tap_until("action.continue", "sign")

    def draw(self, key: str, strokes: list[list[tuple[float, float]]]) -> None:
        """Draw on a pad; points run over 0..1 of its width and height."""
        seen = self.until(lambda look: key in look["targets"], key)
        left, top, width, height = seen["targets"][key]
        for stroke in strokes:
            self._pointer.draw([(left + x * width, top + y * height) for x, y in _finely(stroke)])
            self._clock.wait(0.1)


class Visit:
    """The story of 居住证办理一件事, told with a finger."""

    def __init__(
        self,
        walker: Walker,
        device: Callable[..., Any],
        clock: Clock,
        *,
        situations: Mapping[str, str],
        typed: Mapping[str, tuple[str, ...]],
    ) -> None:
        """`device(name, **knobs)` turns the emulators' knobs; `typed` maps fields to the keys that are touched."""
        self._walker = walker
        self._device = device
        self._clock = clock
        self._situations = situations
        self._typed = typed
        self._laid = ""

    def until_receipt(self) -> None:
        """From the idle screen to the printed receipt."""
        walk = self._walker
        self.until_form()
        self._form()
        self._capture()
        walk.see("review")
        walk.tap_until("action.continue", "review")
        self._sign()
        walk.see("done")
        walk.until(lambda look: look["facts"].get("receipt") != "printing", "the receipt")
        walk.picture("receipt")

    def until_form(self) -> None:
        """From the idle screen to the empty form."""
        self.until_identified()
        self._situation()

    def until_identified(self) -> None:
        """From the idle screen to her word that it is she."""
        walk = self._walker
        walk.see("idle")
        walk.tap_until("start", "idle")
        walk.see("home")
        walk.tap_until("matter.N02", "home")
        for view in ("notice", "readiness", "consent"):
            walk.see(view)
            walk.tap_until("action.continue", view)
        self._identify()

    def after_receipt(self) -> None:
        """Evaluation, goodbye, idle."""
        walk = self._walker
        if walk.view() == "done":
            walk.tap_until("action.continue", "done")
        walk.see("evaluate")
        walk.tap("rate.5")
        walk.until(lambda look: look["facts"].get("level") == 5, "five stars")
        walk.picture("evaluated")
        walk.tap_until("action.continue", "evaluate")
        walk.see("goodbye")
        walk.until(lambda look: look["view"] == "idle", "idle")

    def _identify(self) -> None:
        walk = self._walker
        walk.see("place_card")
        self._device("id_card", card_on=True)
        walk.see("confirm_identity")
        walk.tap_until("action.continue", "confirm_identity")
        self._device("id_card", card_on=False)

    def _situation(self) -> None:
        walk = self._walker
        while (view := walk.see("situation", "overview", "form")) != "form":
            if view == "overview":
                walk.tap_until("action.continue", "overview")
                continue
            seen = walk.look()
            number = seen["facts"]["number"]
            choice = next(c for c in self._situations.values() if f"choice.{c}" in seen["targets"])
            walk.tap(f"choice.{choice}")
            if "action.continue" in seen["targets"]:
                walk.tap("action.continue")
            before = ("situation", number)
            walk.until(partial(_is_past, before), "the next question")

    def _form(self) -> None:
        walk = self._walker
        walk.see("form")
        for name, keys in self._typed.items():
            if keys[0].startswith("choice."):
                walk.tap(*keys)
                continue
            self._open_keyboard(name)
            for key in keys[:-1]:
                if key.startswith(("candidate.", "date.", "region.")):
                    walk.find(key)
                    self._clock.wait(_SETTLE_S)  # she reads what is offered before she chooses
                walk.tap(key)
            if name == "residence_address":
                walk.picture("form_keyboard")
            walk.tap(keys[-1])
            walk.until(lambda look: not _keyboard_is_open(look), "the keyboard to close")
        walk.picture("form_filled")
        walk.tap_until("action.continue", "form")

    def _open_keyboard(self, name: str) -> None:
        """Touch the field, again if the first touch went beside it because the list still moved."""
        walk = self._walker
        for _ in range(20):
            walk.tap(f"field.{name}")
            soon = self._clock.after(3.0)
            while not self._clock.due(soon):
                if _keyboard_is_open(walk.look()):
                    return
                self._clock.wait(0.1)
        raise Lost(f"no keyboard for {name}")

    def _capture(self) -> None:
        walk = self._walker
        while walk.see("capture", "check_page", "review") != "review":
            seen = walk.look()
            if seen["view"] == "check_page":
                walk.tap_until("action.continue", "check_page")
            elif seen["view"] == "capture" and seen["facts"]["enough"]:
                self._next_material(seen["facts"]["slot"])
            elif seen["view"] == "capture":
                self._lay_sheet(seen["facts"])
                walk.until(_sheet_is_steady, "a steady sheet")
                if "capture_steady" not in walk.pictures_taken:
                    walk.picture("capture_steady")
                walk.until(lambda look: look["view"] != "capture" or look["facts"]["enough"], "a page")

    def _next_material(self, slot: str) -> None:
        """These pages are enough: go on, to the next material or to the review."""
        for _ in range(20):
            self._walker.tap("action.continue")
            soon = self._clock.after(3.0)
            while not self._clock.due(soon):
                look = self._walker.look()
                if look["view"] != "capture" or look["facts"]["slot"] != slot:
                    return
                self._clock.wait(0.1)
        raise Lost(f"slot {slot} does not end")

    def _lay_sheet(self, facts: Mapping[str, Any]) -> None:
        """Take the last paper away, lay the next one down, each a little differently."""
        wanted = f"{facts['material']}#{facts['page']}"
        if wanted == self._laid:
            self._walker.tap("action.take")
            return
        if self._laid:  # a hand comes only after the camera has looked at what lies there
            self._walker.until(lambda look: look["facts"].get("sheet") != "none", "the last sheet")
        self._laid = wanted
        self._device("camera", sheet="")
        self._walker.until(lambda look: look["facts"].get("sheet") == "none", "an empty desk")
        turn = (len(wanted) * 7 + int(facts["page"]) * 5) % 15 - 7
        self._device("camera", sheet=sheet_for(str(facts["slot"]), int(facts["page"])), angle_deg=float(turn))

    def _sign(self) -> None:
        walk = self._walker
        walk.see("sign")
        walk.sign()


def _finely(stroke: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """As many points as a finger leaves on the glass."""
    points = [stroke[0]]
    for (x0, y0), (x1, y1) in pairwise(stroke):
        points += [(x0 + (x1 - x0) * step / 12, y0 + (y1 - y0) * step / 12) for step in range(1, 13)]
    return points


def _sheet_is_steady(look: dict[str, Any]) -> bool:
    return bool(look["view"] != "capture" or look["facts"]["sheet"] == "steady" or look["facts"]["taking"])


def _keyboard_is_open(look: dict[str, Any]) -> bool:
    return "key.done" in look["targets"]


def _is_past(before: tuple[str, Any], look: dict[str, Any]) -> bool:
    return (look["view"], look["facts"].get("number")) != before


def sheet_for(slot: str, page: int) -> str:
    """Which generated sheet the walk lays down for a slot of N02."""
    sheets = {
        "00": ("id-front", "id-back"),
        "01": ("lease-1", "lease-2"),
        "02": ("owner-id",),
        "03": ("deed",),
        "05": ("kinship-proof",),
        "06": ("student-card",),
        "07": ("labour-contract",),
    }
    choice = sheets.get(slot, ("lodging-proof",))
    return choice[min(page, len(choice)) - 1]
