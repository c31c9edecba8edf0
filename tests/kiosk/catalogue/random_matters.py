"""Random small matters with everything that a package may say, for the property tests."""

import os

from hypothesis import strategies as st

from kiosk.catalogue.model import Check, Choice, Field, Item, Material, Matter, Question, When
from kiosk.catalogue.terms import Acting, Days, InPerson, Promise, Repeat, Step

MANY = (
    os.environ.get("HYPOTHESIS_PROFILE") == "many"
)  #: 2,000 examples each, as issue 6 asks; make test draws few
EXAMPLES = 2000 if MANY else 60

VALUES = ("a", "b", "c")
FIELDS = tuple(f"f_{letter}" for letter in "uvwxyz")
SLOTS = tuple(f"0{n}" for n in range(6))
ANSWERS = st.dictionaries(
    st.sampled_from(("q0", "q1", "q2", "gone")), st.sampled_from((*VALUES, "nonsense")), max_size=4
)
INSTEAD = st.dictionaries(st.sampled_from(SLOTS), st.sampled_from(("licence", "promise")), max_size=6)


@st.composite
def rules(draw: st.DrawFn, names: tuple[str, ...]) -> tuple[When, ...]:
    """Up to two rules about the given questions."""
    some = draw(st.lists(st.sampled_from(names), max_size=2, unique=True)) if names else []
    among = st.lists(st.sampled_from(VALUES), min_size=1, max_size=2, unique=True).map(tuple)
    return tuple(When(question=name, among=draw(among)) for name in some)


@st.composite
def items(draw: st.DrawFn, code: str, names: tuple[str, ...], earlier: tuple[str, ...] = ()) -> Item:
    """An item that waits for some of the earlier ones, now and then."""
    slots = draw(st.lists(st.sampled_from(SLOTS), max_size=4))
    statutory = draw(st.integers(0, 30))
    return Item(
        code=code,
        name=code,
        department=draw(st.sampled_from(("甲局", "乙局"))),
        level="town",
        fields=tuple(draw(st.lists(st.sampled_from(FIELDS), max_size=4, unique=True))),
        materials=tuple((slot, draw(rules(names))) for slot in slots),
        insists=tuple(draw(st.lists(st.sampled_from(SLOTS), max_size=1))),
        when=draw(rules(names)),
        after=tuple(draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True))) if earlier else (),
        days=Days(statutory=statutory, promised=draw(st.integers(0, statutory))),
        in_person=draw(st.sampled_from((None, None, InPerson(why="本人", where="窗口")))),
        forms=draw(st.integers(1, 2)),
        steps=tuple(draw(st.lists(st.sampled_from(tuple(Step)), min_size=1, max_size=4, unique=True))),
    )


@st.composite
def matters(draw: st.DrawFn) -> Matter:
    """A small matter; each question may depend on earlier ones, each item may wait for earlier ones."""
    names = tuple(f"q{n}" for n in range(draw(st.integers(0, 3))))
    codes = tuple(f"T01-{n}" for n in range(1, draw(st.integers(1, 5)) + 1))
    choices = tuple(Choice(value, value) for value in VALUES)
    repeat = Repeat(question="q0", times=(("a", 1), ("b", 3)), label="第 {n} 位")
    return Matter(
        code="T01",
        name="示例",
        short_name="示例",
        aliases=(),
        lead="甲局",
        partners=(),
        origin="new",
        complete=True,
        sample=True,
        items=tuple(draw(items(code, names, codes[:n])) for n, code in enumerate(codes)),
        questions=tuple(
            Question(name=name, text=name, choices=choices, when=draw(rules(names[:n])))
            for n, name in enumerate(names)
        ),
        fields=tuple(_field(name, n, draw(rules(names)), repeat) for n, name in enumerate(FIELDS)),
        materials=tuple(
            Material(
                slot=slot,
                name=slot,
                min_pages=1,
                max_pages=3,
                hint="",
                source="",
                licence=draw(st.sampled_from(("", "电子执照"))),
                promise=draw(st.sampled_from(("", "true_copy", "gone"))),
            )
            for slot in SLOTS
        ),
        promises=(Promise(name="true_copy", title="承诺", text="属实", false_means="撤销"),),
        acting=draw(st.sampled_from((None, Acting(question="q1", agent=("b",), fields=("f_u",))))),
    )


def _field(name: str, number: int, when: tuple[When, ...], repeat: Repeat) -> Field:
    return Field(
        name=name,
        label=name,
        check=Check.TEXT,
        section=f"s{number % 3}",
        when=when,
        prefill="card.name" if number % 2 == 0 else "",
        locked=number % 2 == 0,
        repeat=repeat if number % 3 == 2 else None,
    )
