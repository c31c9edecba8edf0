"""What comes next inside a case, in one order for every state that leads on: nothing is asked that is settled."""

from collections.abc import Mapping
from functools import reduce
from operator import or_

from statemachine import State
from statemachine.transition_list import TransitionList

#: state → the guard that says whether it is still to be gone through; the last needs none
_AHEAD = (
    ("earlier", "earlier_offered"),
    ("overview", "overview_due"),
    ("promise", "promise_open"),
    ("form", "form_open"),
    ("delivery", "delivery_open"),
    ("capture", "pages_wanted"),
    ("review", None),
)


def onward(source: State, states: Mapping[str, State], since: str = "earlier") -> TransitionList:
    """From `source` to the first state from `since` on that is not settled, else to the review."""
    first = [name for name, _ in _AHEAD].index(since)
    ways: list[TransitionList] = []
    for name, guard in _AHEAD[first:]:
        target = states[name]
        ways.append(source.to(target, cond=guard))
    return reduce(or_, ways)
