"""What the keys of a keypad and a switch do on the screen: everything that a finger could."""

from collections.abc import Callable

from kivy.clock import Clock
from kivy.uix.widget import Widget

from devices.keypad import Key, KeyPress
from kiosk.pressed_keys import PressedKeys
from screens.widgets import reading_order
from screens.widgets.focus import Focus

#: a single switch: so often all is offered before the focus rests until it is pressed again; chosen
ROUNDS = 3
#: … and so often the things of one row, before the rows are offered again
ROW_ROUNDS = 2
#: looks that a field is given to open its keyboard before what was typed is let go
_OPENING = 12

_MOVES = {Key.RIGHT: 1, Key.NEXT: 1, Key.LEFT: -1, Key.PREVIOUS: -1}
_ROWS = {Key.DOWN: 1, Key.UP: -1}


class Keying:
    """One for the whole face; `look` is called at each pump."""

    def __init__(
        self,
        focus: Focus,
        keys: PressedKeys,
        note: Callable[[], None],
        volume: Callable[[int], None] = lambda by: None,
        scan_s: float = 2.0,
    ) -> None:
        """`note` is called for each key: she is there. `volume` makes speech louder or softer by steps.

        `scan_s`: how long a single switch is offered each thing, seconds.
        """
        self._focus, self._keys, self._note, self._volume = focus, keys, note, volume
        self._scan = Scan(focus, scan_s)
        self._typed: list[str] = []  #: digits that wait for the keyboard of their field
        self._wait = 0

    def look(self) -> None:
        """Do what was pressed since the last look."""
        for press in self._keys.take():
            self._note()
            self._do(press)
        self._type_on()
        self._scan.look()
        self._focus.look()

    def touched(self) -> None:
        """A finger is on the glass: nobody needs the ring."""
        self._focus.hide()
        self._scan.rest()
        self._typed.clear()

    def _do(self, press: KeyPress) -> None:
        focus, key = self._focus, press.key
        if key is Key.SWITCH:
            self._scan.press()
            return
        self._scan.rest()
        match key:
            case Key.LOUDER | Key.SOFTER:
                self._volume(1 if key is Key.LOUDER else -1)
            case Key.CHARACTER if press.elsewhere is not None and not self._numbers():
                self._do(KeyPress(press.elsewhere))
            case Key.CHARACTER:
                self._type(press.text)
            case _ if focus.show() and key in (*_MOVES, *_ROWS, Key.ENTER):
                return  # the first key only shows where one is: what cannot be seen is not to be activated
            case Key.ENTER:
                focus.activate()
            case Key.BACK:
                focus.back()
            case Key.CORRECT:
                focus.press("key.delete") or focus.back()
            case Key.MAIN:
                focus.to_main()
            case Key.HOME:
                focus.press("action.leave", "action.stay")
            case Key.HELP:
                focus.press("action.help")
            case _ if key in _MOVES:
                focus.move(_MOVES[key])
            case _ if key in _ROWS:
                focus.move_row(_ROWS[key])

    # --- digits ---

    def _type(self, text: str) -> None:
        """Into the keyboard that is open; on a field, open its keyboard first."""
        focus = self._focus
        focus.show()
        self._typed.append(text)
        if not self._open() and focus.focused is not None and focus.focused.role == "field":
            focus.activate()
        self._wait = _OPENING

    def _type_on(self) -> None:
        """Write what waits. Spelled letters are chosen from by number, as on every Chinese keyboard."""
        if not self._typed:
            return
        self._wait -= 1
        if self._wait <= 0:
            self._typed.clear()
        if not self._open():
            return
        focus = self._focus
        for text in self._typed:
            offered = [each for each in focus.order() if each.touch_key.startswith("candidate.")]
            if self._spelling() and text.isdigit() and 0 < int(text) <= len(offered):
                focus.press(offered[int(text) - 1].touch_key)
            else:
                focus.press(f"key.{text.upper()}", f"key.{text}")
        self._typed.clear()
        if not focus.can_be_pressed("key.q"):
            focus.stand("key.done")  # 确认 ends a number

    def _spelling(self) -> bool:
        """Whether letters wait to become characters."""
        keys = (each for each in self._focus.order() if each.touch_key == "key.done")
        above: Widget | None = next(keys, None)
        while above is not None and not hasattr(above, "spelling"):
            above = above.parent if above.parent is not above else None
        return above is not None and bool(above.spelling)

    def _numbers(self) -> bool:
        """Whether a number is being written: a pad without letters is open."""
        return self._focus.can_be_pressed("key.1") and not self._focus.can_be_pressed("key.q")

    def _open(self) -> bool:
        return self._focus.can_be_pressed("key.done")


class Scan:
    """One switch: rows are offered one after the other, then the things of the row that was taken."""

    def __init__(self, focus: Focus, pace_s: float) -> None:
        self._focus, self._pace_s = focus, pace_s
        self._row: reading_order.Row = []  #: whose things are offered; none: the rows are
        self._at = -1
        self._offered = 0  #: since the last press
        self._next = 0.0
        self.going = False

    def press(self) -> None:
        """Begin, or take what is offered."""
        focus = self._focus
        if not self.going or not focus.visible:
            self.going, self._row, self._at = True, [], -1
            focus.show()
            self._step()
        elif focus.row:
            self._row, self._at = list(focus.row), -1
            self._step()
        else:
            focus.activate()
            self._row, self._at = [], -1
            self._next = Clock.get_time() + self._pace_s
        self._offered = 0

    def rest(self) -> None:
        """No more by itself until the switch is pressed again."""
        self.going = False

    def look(self) -> None:
        """Move on when it is time."""
        if self.going and Clock.get_time() >= self._next:
            self._step()

    def _step(self) -> None:
        self._next = Clock.get_time() + self._pace_s
        rows = reading_order.rows(self._focus.root)
        if self._row and not all(widget.parent for widget in self._row):
            self._row, self._at = [], -1
        self._offered += 1
        if self._row and self._offered <= ROW_ROUNDS * len(self._row):
            self._at = (self._at + 1) % len(self._row)
            self._focus.to(self._row[self._at])
            return
        if self._row:
            self._row, self._at, self._offered = [], -1, 0
        if not rows or self._offered > ROUNDS * len(rows):
            self.rest()
            return
        self._at = (self._at + 1) % len(rows)
        self._focus.offer_row(rows[self._at])
