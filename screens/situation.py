"""Situation: one question a screen, two to five large answers with a line of explanation each."""

from typing import Any

from kivy.properties import BooleanProperty, OptionProperty, StringProperty

from kiosk.catalogue.model import Choice, Question
from kiosk.journey.events import Answer, Continue
from kiosk.journey.views import Situation
from screens.base import Desk, StepScreen
from screens.widgets.action_bar import Action
from screens.widgets.surface import TouchCard
from screens.widgets.touch import ROLES


class AnswerCard(TouchCard):
    """One answer. See `situation.kv`."""

    label = StringProperty("")
    explanation = StringProperty("")
    chosen = BooleanProperty(False)
    role = OptionProperty("choice", options=ROLES)


class SituationScreen(StepScreen):
    """See `situation.kv`."""

    def __init__(self, desk: Desk, **properties: Any) -> None:
        super().__init__(desk, **properties)
        self._question: Question | None = None
        self._cards: dict[str, AnswerCard] = {}

    def draw(self, view: Situation) -> None:
        """A new question brings new cards; the same one only marks what was chosen."""
        if view.question != self._question:
            self._question = view.question
            self._build(view.question)
        for value, card in self._cards.items():
            card.chosen = value == view.chosen
        self.sentence = view.question.text
        which = self.words("situation.which", number=view.number, of=view.of) if view.of > 1 else ""
        self.quiet = self.quietly(which, self.time_left())
        goes_on = Action("action.continue", self.words("action.next"), Continue(), "arrow-right")
        self.offer(goes_on if view.chosen else None)

    def _build(self, question: Question) -> None:
        answers = self.ids.answers
        answers.clear_widgets()
        self._cards = {choice.value: self._card(question.name, choice) for choice in question.choices}
        for card in self._cards.values():
            answers.add_widget(card)

    def _card(self, question: str, choice: Choice) -> AnswerCard:
        card = AnswerCard(
            label=choice.label, explanation=choice.explanation, touch_key=f"choice.{choice.value}"
        )
        card.bind(on_tap=lambda _: self.post(Answer(question, choice.value)))
        return card
