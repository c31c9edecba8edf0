"""A walker in a hurry, for many visits through the real face."""

from typing import Any

from tools.demo.walk import LIMIT_S, Lost, Walker

_LOOK_EVERY_S = 0.05
_AGAIN_S = 2.0  # chosen: a touch that fell on a busy moment is touched again


class Brisk(Walker):
    """A walker in a hurry: takes no pictures, and touches as soon as a screen stands."""

    def picture(self, name: str) -> None:
        """None."""

    def until(self, met: Any, what: str) -> dict[str, Any]:
        """As of `Walker`, looking oftener."""
        give_up = self._clock.after(LIMIT_S)
        while not met(seen := self._sight.look()):
            if self._clock.due(give_up):
                raise Lost(f"waited for {what}, still see {seen['view']} with {sorted(seen['targets'])}")
            self._clock.wait(_LOOK_EVERY_S)
        return seen

    def tap(self, *keys: str) -> str:
        """Touch, once a touch counts."""
        self.until(lambda look: look["settled"], "a screen that stands")
        key, (x, y) = self.find(*keys)
        self._pointer.draw([(x, y)], hold_s=0.02)
        return key

    def tap_until(self, key: str, gone_from: str) -> None:
        """Touch until the view is another one."""
        give_up = self._clock.after(LIMIT_S)
        while (seen := self._sight.look())["view"] == gone_from:
            if self._clock.due(give_up):
                raise Lost(f"{key} does not lead away from {gone_from}")
            if key in seen["targets"] and seen["settled"]:
                self.tap(key)
                soon = self._clock.after(_AGAIN_S)
                while self.view() == gone_from and not self._clock.due(soon):
                    self._clock.wait(_LOOK_EVERY_S)
            else:
                self._clock.wait(_LOOK_EVERY_S)
