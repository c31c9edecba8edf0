"""Draws again only the part of the picture that changed, where a processor draws in place of a graphics chip.

Kivy draws the whole window at the smallest change. A chip does that for nothing; Mesa's software renderers take tens of
milliseconds, which a pressed button, a countdown or a camera picture would cost each time. Kivy marks each drawing
instruction that changed, and the groups above it, so what changed is known exactly: where it lay and where it lies now
is cleared and drawn. Whatever is not understood (something added or taken away, an unknown instruction, somebody asks)
draws everything, as Kivy does by itself.

Only with a renderer whose back buffer still holds the last picture after it was shown. Why, and what it brings:
docs/adr/0068.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any, NamedTuple

from kivy.clock import Clock
from kivy.graphics import (
    BindTexture,
    Callback,
    Color,
    Line,
    MatrixInstruction,
    Mesh,
    PopMatrix,
    PushMatrix,
    Rectangle,
    ScissorPop,
    ScissorPush,
)
from kivy.graphics.instructions import CanvasBase, InstructionGroup
from kivy.graphics.opengl import (
    GL_COLOR_BUFFER_BIT,
    GL_RENDERER,
    GL_RGB,
    GL_UNSIGNED_BYTE,
    glClear,
    glClearColor,
    glDisable,
    glEnable,
    glGetString,
    glReadPixels,
    glScissor,
)

#: GL_SCISSOR_TEST of the OpenGL ES 2.0 headers; Kivy does not name it
_SCISSOR_TEST = 0x0C11
#: a smooth edge around what is drawn, pixels
_EDGE = 3.0
#: chosen: from this share of the window on, everything is drawn
_MOST = 0.7
#: chosen: seconds after which everything is drawn once more, should anything ever have been missed
_ALL_AGAIN_S = 10.0
#: Mesa's renderers on a processor
_SOFTWARE = (b"llvmpipe", b"softpipe", b"swrast")
#: pictures that are shown to see whether the buffer keeps them; a chip's buffers take turns, three at most
_TRIES = 4


class Box(NamedTuple):
    """A part of the window, pixels, origin bottom left."""

    left: float
    bottom: float
    right: float
    top: float

    def around(self, other: "Box") -> "Box":
        """The smallest that holds both."""
        low = min(self.left, other.left), min(self.bottom, other.bottom)
        return Box(*low, max(self.right, other.right), max(self.top, other.top))

    def within(self, other: "Box") -> "Box | None":
        """What both hold."""
        low = max(self.left, other.left), max(self.bottom, other.bottom)
        high = min(self.right, other.right), min(self.top, other.top)
        return Box(*low, *high) if low[0] < high[0] and low[1] < high[1] else None

    def holds(self, other: "Box") -> bool:
        """Whether `other` lies inside."""
        return self.around(other) == self

    @property
    def area(self) -> float:
        """In px²."""
        return (self.right - self.left) * (self.top - self.bottom)


_NOWHERE = Box(0, 0, 0, 0)


class Everything(Exception):
    """What changed cannot be told: all of it is to be drawn."""


@dataclass(frozen=True, slots=True)
class _Place:
    """How the numbers of an instruction become pixels of the window, and what shows of it there."""

    matrix: tuple[float, float, float, float, float, float] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)  #: a b c d e f
    moved: bool = False  #: the transformation changed: all that it moves is to be drawn again

    def through(self, inner: Any, moved: bool) -> "_Place":
        """With one more transformation, a Kivy matrix: x' = a x + c y + e, y' = b x + d y + f."""
        a, b, c, d, e, f = self.matrix
        ia, ib, ic, id_, ie, if_ = inner[0], inner[1], inner[4], inner[5], inner[12], inner[13]
        both = (
            *(a * ia + c * ib, b * ia + d * ib, a * ic + c * id_, b * ic + d * id_),
            *(a * ie + c * if_ + e, b * ie + d * if_ + f),
        )
        return replace(self, matrix=both, moved=self.moved or moved)

    def box(self, left: float, bottom: float, right: float, top: float, edge: float = _EDGE) -> Box | None:
        a, b, c, d, e, f = self.matrix
        corners = [(x, y) for x in (left - edge, right + edge) for y in (bottom - edge, top + edge)]
        xs = [a * x + c * y + e for x, y in corners]
        ys = [b * x + d * y + f for x, y in corners]
        return Box(min(xs), min(ys), max(xs), max(ys))


class _Course:
    """Transformations and clippings on the way through the instructions; the last ones hold."""

    def __init__(self) -> None:
        self.places = [_Place()]
        self.clips: list[Box | None] = [None]

    def inner(self) -> "_Course":
        """For a group that leaves things as it found them."""
        inner = _Course()
        inner.places, inner.clips = self.places[-1:], self.clips[-1:]
        return inner

    @property
    def place(self) -> _Place:
        return self.places[-1]

    def transform(self, matrix: Any, moved: bool) -> None:
        self.places[-1] = self.place.through(matrix, moved)

    def cut(self, clip: Box) -> None:
        before = self.clips[-1]
        self.clips.append(clip if before is None else clip.within(before) or _NOWHERE)

    def steer(self, child: Any) -> bool:
        """Whether `child` draws nothing itself, and was followed."""
        if isinstance(child, PushMatrix):
            self.places.append(self.place)
        elif isinstance(child, PopMatrix):
            self.places.pop()
        elif isinstance(child, ScissorPop):
            self.clips.pop()
        else:
            return isinstance(
                child, BindTexture | Callback
            )  # what is drawn with a new texture is marked, too
        return True

    def seen(self, box: Box | None) -> Box | None:
        """What of `box` is not clipped."""
        clip = self.clips[-1]
        return box if box is None or clip is None else box.within(clip)


class Memory:
    """Where everything lies that was drawn, and what it is made of."""

    def __init__(self, outermost: ScissorPush) -> None:
        """`outermost`: what cuts each picture to its part; it clips nothing that is remembered."""
        self._outermost = outermost
        self._boxes: dict[int, Box | None] = {}
        self._said: dict[int, tuple[Any, ...]] = {}
        self._groups: dict[int, tuple[int, ...]] = {}
        self._lines: list[tuple[Any, _Course]] = []  # their points are worked out while they are drawn

    def learn(self, root: InstructionGroup) -> None:
        """All of it was drawn."""
        for known in (self._boxes, self._said, self._groups):
            known.clear()
        self._lines = []  # what she drew on a screen that is gone is not held on to
        try:
            for _ in self._walk(root, _Course(), learning=True):
                pass
        except Everything:
            self._groups.clear()

    def changed(self, root: InstructionGroup) -> Box | None:
        """What is to be drawn again; None: nothing that is seen. Raises `Everything`."""
        if root.needs_redraw and not any(child.needs_redraw for child in root.children):
            raise Everything  # somebody asked
        self._lines = []
        found: Box | None = None
        for box in self._walk(root, _Course()):
            found = box if found is None else found.around(box)
        return found

    def missed(self, drawn: Box | None) -> bool:
        """Whether a line came to lie elsewhere than was thought before it was drawn."""
        for line, course in self._lines:
            now = self._boxes[line.uid] = course.seen(_box(line, course.place))
            if now is not None and (drawn is None or not drawn.holds(now)):
                return True
        return False

    def _walk(
        self, group: Any, course: _Course, *, learning: bool = False, all_of_it: bool = False
    ) -> Iterator[Box]:
        """Boxes of what changed. `course` is followed in place."""
        children = group.children
        made_of = tuple(child.uid for child in children)
        if learning:
            self._groups[group.uid] = made_of
        elif self._groups.get(group.uid) != made_of:
            raise Everything
        recoloured = all_of_it
        for child in children:
            if isinstance(child, Color):
                recoloured = self._other(child, tuple(child.rgba)) or all_of_it
            elif isinstance(child, InstructionGroup):
                own = (
                    type(child) is CanvasBase
                )  # a widget's: what it transforms, it transforms for its neighbours
                faded = not own and self._other(child, (getattr(child, "opacity", 1.0),))
                if own or learning or child.needs_redraw or recoloured or course.place.moved:
                    inner = course if own else course.inner()
                    yield from self._walk(child, inner, learning=learning, all_of_it=recoloured or faded)
            elif child is self._outermost:
                course.clips.append(None)
            elif isinstance(child, MatrixInstruction):
                matrix = child.matrix
                course.transform(matrix, self._other(child, tuple(matrix.tolist())) and not learning)
            elif isinstance(child, ScissorPush):
                clip = Box(child.x, child.y, child.x + child.width, child.y + child.height)
                if self._other(child, clip) and not learning:
                    raise Everything
                course.cut(clip)
            elif not course.steer(child):
                yield from self._drawn(child, course, child.needs_redraw or recoloured, learning)

    def _other(self, child: Any, now: tuple[Any, ...]) -> bool:
        """Whether it says something else than before. Kivy never takes the mark off what only steers."""
        before, self._said[child.uid] = self._said.get(child.uid), now
        return before != now

    def _drawn(self, child: Any, course: _Course, changed: bool, learning: bool) -> Iterator[Box]:
        if not (changed or learning or course.place.moved):
            return
        before, now = self._boxes.get(child.uid), course.seen(_box(child, course.place))
        self._boxes[child.uid] = now
        if isinstance(child, Line) and not learning:
            self._lines.append((child, course.inner()))
        yield from (box for box in (before, now) if box is not None)


def _box(child: Any, place: _Place) -> Box | None:
    """Where `child` draws; None when nowhere. Raises `Everything` when that cannot be told."""
    if isinstance(child, Line):
        return _around(child.points, 2, place, float(child.width) + _EDGE)
    if isinstance(child, Mesh):
        return _around(child.vertices, 4, place, _EDGE) if child.indices else None
    if isinstance(child, Rectangle):
        (x, y), (wide, high) = child.pos, child.size
        return place.box(x, y, x + wide, y + high) if wide > 0 and high > 0 else None
    if (
        type(child).__name__ == "AntiAliasingLine"
    ):  # Kivy does not export it; it runs along its rectangle's edge
        return None
    raise Everything


def _around(numbers: Any, each: int, place: _Place, edge: float) -> Box | None:
    xs, ys = numbers[::each], numbers[1::each]
    return place.box(min(xs), min(ys), max(xs), max(ys), edge) if xs else None


class Glass:
    """Draws the window's pictures from now on."""

    def __init__(self, window: Any, *, always: bool = False) -> None:
        """`always`: draw by parts without asking the renderer, for tests that look at the buffer themselves."""
        self._window = window
        self._all_by = 0.0
        self._known = False
        self._cut = ScissorPush(x=0, y=0, width=0, height=0)
        self._memory = Memory(self._cut)
        self.parts = 0  #: pictures that were drawn by parts
        self.wholes = 0
        if always or (_software() and _keeps(window)):
            window.canvas.before.insert(0, self._cut)
            window.canvas.after.add(ScissorPop())
            window.bind(on_draw=self._draw)

    def forget(self) -> None:
        """Draw everything next time."""
        self._known = False

    def _draw(self, *_: object) -> bool:
        box = self._part()
        if box is None:
            self.wholes += 1
            self._all_by = Clock.get_time() + _ALL_AGAIN_S
        else:
            self.parts += 1
        self._paint(box or self._whole())
        if box is None:
            self._memory.learn(self._window.canvas)
            self._known = True
        elif self._memory.missed(box):
            self.forget()
            self._window.canvas.ask_update()
        return True

    def _whole(self) -> Box:
        wide, high = self._window.system_size
        return Box(0, 0, wide, high)

    def _part(self) -> Box | None:
        """What is to be drawn; None: everything."""
        if not self._known or Clock.get_time() > self._all_by:
            return None
        try:
            changed = self._memory.changed(self._window.canvas)
        except Everything:
            return None
        whole = self._whole()
        seen = changed.within(whole) if changed is not None else None
        if seen is None:
            return Box(0, 0, 1, 1)  # nothing that is seen; one pixel, so that Kivy has drawn
        return seen if seen.area < _MOST * whole.area else None

    def _paint(self, box: Box) -> None:
        left, bottom = floor(box.left), floor(box.bottom)
        place = (left, bottom, ceil(box.right) - left, ceil(box.top) - bottom)
        self._cut.x, self._cut.y, self._cut.width, self._cut.height = place
        glEnable(_SCISSOR_TEST)
        glScissor(*place)
        self._window.clear()
        glDisable(_SCISSOR_TEST)
        self._window.render_context.draw()


def _software() -> bool:
    return any(name in bytes(glGetString(GL_RENDERER)) for name in _SOFTWARE)


def _keeps(window: Any) -> bool:
    """Whether the back buffer holds the last picture after it was shown. Shows some pictures of the paper's colour."""
    red, green, blue, _ = window.clearcolor
    for turn in range(_TRIES):
        shade = min(1.0, max(0.0, red - turn / 255))
        glClearColor(shade, green, blue, 1)
        glClear(GL_COLOR_BUFFER_BIT)
        before = bytes(glReadPixels(0, 0, 1, 1, GL_RGB, GL_UNSIGNED_BYTE))
        window.dispatch("on_flip")
        if bytes(glReadPixels(0, 0, 1, 1, GL_RGB, GL_UNSIGNED_BYTE)) != before:
            return False
    return True
