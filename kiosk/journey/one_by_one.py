"""Simple mode: of a form one question at a time. Which one, whether another follows, and what is shown of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kiosk.catalogue.model import Field
from kiosk.journey.guards import Guards
from kiosk.journey.record import BY_HAND, PROPOSED
from kiosk.journey.result import Result, result_of
from kiosk.journey.show import CHINA
from kiosk.journey.views import Form, Home, View

#: words key: what she is asked of a value that was read or found, where it stands alone on the screen
_CONFIRM = "form.confirm_one"
#: so many matters are offered at home; all of them are one touch away
_POPULAR = 4


class OneByOne(Guards):
    """The part of a visit that asks a form's fields one by one, when she chose simple mode."""

    simple: bool = False  #: set by the look that she wears

    # --- guards ---

    def another_question(self, source: Any) -> bool:
        """Whether 下一题 leads to another field, or stays with one that is missing or wrong."""
        asked = self._asked(source.id)
        if not self.simple or not asked:
            return False
        place = self._place(asked)
        return place + 1 < len(asked) or asked[place].name in self._wrong(source.id)

    def earlier_field(self, source: Any) -> bool:
        """Whether a field was asked before this one."""
        return self.simple and self._place(self._asked(source.id)) > 0

    # --- what happens ---

    def ask_one(self, state: str, source: str, event: str, *, again: bool) -> None:
        """On entering a form by `event`; `again`: she has been through it before."""
        record, asked = self.record, self._asked(state)
        if not self.simple or not asked:
            return
        names, wrong = [field.name for field in asked], self._wrong(state)
        first_wrong = next((name for name in names if name in wrong), names[0])
        place = self._place(asked)
        if source != state:
            record.question = names[-1] if event == "back" else first_wrong if again else names[0]
        elif event == "back":
            record.question = names[max(place - 1, 0)]
        elif names[place] not in wrong:
            last = place + 1 == len(names)
            record.question = first_wrong if last else names[place + 1]
            record.show_problems = last
        else:
            record.question = names[place]

    def confirm_question(self) -> None:
        """She saw this one value, and went on: what was read or found is hers."""
        record, asked = self.record, self._asked("form")
        if not self.simple or not asked:
            return
        name = asked[self._place(asked)].name
        known = record.values().get(name)
        if known is not None and known.source in PROPOSED:
            record.filled[name] = known.value

    def simply(self, view: View) -> View:
        """The view with fewer things at once, when she chose that."""
        match view:
            case Form() if self.simple and view.asked and not view.about:
                return self._one_question(view)
            case Home() if self.simple:
                return replace(view, popular=view.popular[:_POPULAR])
        return view

    def _one_question(self, view: Form) -> Form:
        """What her card told stands beside the first."""
        place = self._place([entry.field for entry in view.asked])
        entry = view.asked[place]
        if entry.problem in PROPOSED.values():
            entry = replace(entry, problem=_CONFIRM)
        return replace(
            view,
            known=view.known if place == 0 else (),
            asked=(entry,),
            proposed=0,
            number=place + 1,
            of=len(view.asked),
        )

    # --- what there is to ask ---

    def _place(self, asked: Sequence[Field]) -> int:
        """The index of the question on the screen."""
        return next((i for i, field in enumerate(asked) if field.name == self.record.question), 0)

    def _asked(self, state: str) -> tuple[Field, ...]:
        if state == "by_hand":
            return BY_HAND
        fields = self._result().fields if state == "delivery" else self.record.fields()
        return tuple(field for field in fields if not field.locked)

    def _wrong(self, state: str) -> Mapping[str, str]:
        today = self._clock.now().astimezone(CHINA)
        if state == "by_hand":
            return self.record.typed_problems(today)
        if state == "delivery":
            return self._result().problems(today.date())
        return self.record.form_problems(today)

    def _result(self) -> Result:
        return result_of(self.record, prints=self._surroundings().page_printer)
