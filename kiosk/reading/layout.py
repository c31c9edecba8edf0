"""Which text stands beside which label: lines of a page become the values of its fields.

Known documents are tables without rules: a label, its value to the right, longer values wrapped below. So nothing here
needs to know where on the sheet a field is; that helps with old and new prints alike, and with a sheet that was laid
down anyhow.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kiosk.reading.line import Line, Sign, without_spaces

# In heights of a line; chosen from the real documents' proportions, checked on generated ones.
_SAME_ROW = 0.45  # between the middles of label and value
_SAME_CELL = 0.8  # of wrapped text beside a label that stands at half its height
_NEXT_ROW = 2.1  # between the middles of wrapped lines
_SAME_EDGE = 1.4  # between left edges of wrapped lines
_COLUMN = 2.5  # between two texts of one row, where another column begins
_GAP = 1.6  # between the middles of two signs, where a new column may begin
_TAIL_GAP = 1.05  # between the middles of a label's last and a value's first sign
_MISREAD_FROM = 4  # signs: a label as long may have one misread sign


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label as it stands on the page; one of two lines is two."""

    text: str
    field: str
    line: Line


@dataclass(frozen=True, slots=True)
class Cells:
    """The labels of a page and the texts between them."""

    labels: tuple[Label, ...]
    texts: tuple[Line, ...]


def cells(
    lines: Iterable[Line], known: Mapping[str, str], tails: Mapping[str, str], *, anywhere: bool
) -> Cells:
    """Cut lines at labels. With `anywhere` a label may follow a value without a gap, as in 性别男民族汉.

    `tails` are last signs of wide-set labels whose first sign, standing alone, is often overlooked (类     型).
    """
    labels: list[Label] = []
    texts: list[Line] = []
    for line in joined(lines, known):
        seen = without_spaces(line.signs)
        start = place = 0
        while place < len(seen):
            label = _label_at(seen, place, known) if _may_begin(seen, place, line, anywhere) else None
            if label is None and place == 0 and _is_tail(seen, line, tails):
                label = seen[0].text
            if label is None:
                place += 1
                continue
            if seen[start:place]:
                texts.append(line.part(seen[start:place]))
            end = place + len(label)
            labels.append(Label(label, known.get(label) or tails.get(label, ""), line.part(seen[place:end])))
            start = place = end
            while start < len(seen) and seen[start].text in ":：":
                start = place = start + 1
        if seen[start:]:
            texts.append(line.part(seen[start:]))
    return Cells(tuple(labels), tuple(texts))


def values(page: Cells) -> dict[str, tuple[Line, ...]]:
    """Field → its texts, in reading order. Of a field that stands there twice the first counts."""
    claimed, free = _claims(page)
    found: dict[str, list[Line]] = {}
    for place, label in enumerate(page.labels):
        mine = claimed.get(place, [])
        if label.field and mine and label.field not in found:
            found[label.field] = mine
        elif label.field and mine and _beside(page.labels[place], found[label.field]):
            found[label.field] += mine
    for texts in found.values():
        _wrap(texts, free)
    return {name: _in_order(texts) for name, texts in found.items()}


def _claims(page: Cells) -> tuple[dict[int, list[Line]], list[Line]]:
    """Label's place → the texts in its row; and what no label claims, from top to bottom."""
    claimed: dict[int, list[Line]] = {}
    free: list[Line] = []
    for text in page.texts:
        owner = _owner(text, page.labels, _SAME_ROW)
        if owner is None:
            free.append(text)
        else:
            claimed.setdefault(owner, []).append(text)
    for texts in claimed.values():
        free += _of_other_columns(texts)
    for text in list(free):  # two lines of text beside a label at half their height: neither is in its row
        owner = _owner(text, page.labels, _SAME_CELL)
        if owner is not None and (owner not in claimed or claimed[owner][0] in free):
            claimed.setdefault(owner, []).append(text)
    kept = {id(text) for texts in claimed.values() for text in texts}
    return claimed, sorted((t for t in free if id(t) not in kept), key=lambda line: line.middle)


def joined(lines: Iterable[Line], known: Mapping[str, str]) -> list[Line]:
    """Labels that are set wide (名     称) may have come as several lines: put them together again."""
    left = sorted(lines, key=lambda line: line.left)
    whole = []
    while left:
        line = left.pop(0)
        text = _seen(line)
        while any(label.startswith(text) and label != text for label in known):
            after = next((other for other in left if _continues(line, other, text, known)), None)
            if after is None:
                break
            left.remove(after)
            top, bottom = min(line.top, after.top), max(line.bottom, after.bottom)
            line = Line(line.left, top, after.right, bottom, line.signs + after.signs, after.place)
            text = _seen(line)
        whole.append(line)
    return whole


def _continues(line: Line, other: Line, text: str, known: Mapping[str, str]) -> bool:
    if abs(line.middle - other.middle) > _SAME_ROW * max(line.height, other.height):
        return False
    if not 0 <= other.left - line.right + line.height < 8 * line.height:
        return False
    both = text + _seen(other)
    return any(label.startswith(both) or both.startswith(label) for label in known if len(label) > len(text))


def _seen(line: Line) -> str:
    return "".join(sign.text for sign in without_spaces(line.signs))


def _may_begin(seen: Sequence[Sign], place: int, line: Line, anywhere: bool) -> bool:
    return place == 0 or anywhere or seen[place].x - seen[place - 1].x > _GAP * line.height * 0.8


def _is_tail(seen: Sequence[Sign], line: Line, tails: Mapping[str, str]) -> bool:
    return seen[0].text in tails and (len(seen) == 1 or seen[1].x - seen[0].x > _TAIL_GAP * line.height)


def _may_be(sign: Sign, wanted: str) -> bool:
    """Whether the engine read it so, or thought of it."""
    return sign.text == wanted or any(text == wanted for text, _ in sign.others)


def _label_at(seen: Sequence[Sign], place: int, known: Mapping[str, str]) -> str | None:
    for label in known:
        stands = seen[place : place + len(label)]
        if len(stands) < len(label):
            continue
        wrong = sum(sign.text != wanted for sign, wanted in zip(stands, label, strict=True))
        unthought = sum(not _may_be(sign, wanted) for sign, wanted in zip(stands, label, strict=True))
        misread = wrong == 1 and len(label) >= _MISREAD_FROM and stands[0].text == label[0]
        if wrong == 0 or misread or (unthought == 0 and wrong < len(label)):
            return label
    return None


def _owner(text: Line, labels: Sequence[Label], slack: float) -> int | None:
    """The nearest label to the left in the same row; one of two lines counts with all its height.

    `slack` is how far the middles may lie apart, in heights of a line.
    """
    best, edge = None, float("-inf")
    for place, label in enumerate(labels):
        line = label.line
        if line.right > text.left + 0.6 * text.height or line.right <= edge:
            continue
        top, bottom = extent(label, labels)
        reach = slack * max(line.height, text.height) if bottom - top < 1.5 * line.height else 0.0
        if top - reach + line.height * 0.5 <= text.middle <= bottom + reach - line.height * 0.5:
            best, edge = place, line.right
    return best


def extent(label: Label, labels: Sequence[Label]) -> tuple[float, float]:
    """Top and bottom of a label with its other lines."""
    top, bottom = label.line.top, label.line.bottom
    for other in labels:
        near = abs(other.line.middle - label.line.middle) < 1.6 * label.line.height
        if other.field == label.field and near and abs(other.line.left - label.line.left) < label.line.height:
            top, bottom = min(top, other.line.top), max(bottom, other.line.bottom)
    return top, bottom


def _beside(label: Label, texts: Sequence[Line]) -> bool:
    return any(abs(label.line.middle - text.middle) < _SAME_CELL * text.height * 2 for text in texts)


def _wrap(texts: list[Line], free: list[Line]) -> None:
    """Take what no label claims and what stands right under (or beside, in one cell) the texts so far."""
    while True:
        edge = min(text.left for text in texts)
        last = max(texts, key=lambda text: text.middle)
        first = min(texts, key=lambda text: text.middle)
        for line in free:
            height = max(last.height, line.height)
            below = 0 < line.middle - last.middle < _NEXT_ROW * min(last.height, line.height) * 1.1
            above = 0 < first.middle - line.middle < _SAME_CELL * 2 * height and len(texts) == 1
            alike = 0.6 < line.height / last.height < 1.6
            if (
                (below or (above and _higher(line, first)))
                and alike
                and abs(line.left - edge) < _SAME_EDGE * height
            ):
                texts.append(line)
                free.remove(line)
                break
        else:
            return


def _of_other_columns(texts: list[Line]) -> list[Line]:
    """Take out what stands in the label's row but far behind its value: wrapped text of the next column."""
    texts.sort(key=lambda line: line.left)
    end = texts[0].right
    for place, text in enumerate(texts[1:], start=1):
        if text.left - end > _COLUMN * text.height:
            rest = texts[place:]
            del texts[place:]
            return rest
        end = max(end, text.right)
    return []


def _higher(line: Line, first: Line) -> bool:
    """Only a line that nearly touches: the upper half of a cell whose label stands between the two."""
    return first.top - line.bottom < 0.35 * line.height


def _in_order(texts: Sequence[Line]) -> tuple[Line, ...]:
    """Row by row, each from left to right."""
    rows: list[list[Line]] = []
    for text in sorted(texts, key=lambda line: line.middle):
        if rows and abs(rows[-1][0].middle - text.middle) < _SAME_ROW * text.height:
            rows[-1].append(text)
        else:
            rows.append([text])
    return tuple(text for row in rows for text in sorted(row, key=lambda line: line.left))
