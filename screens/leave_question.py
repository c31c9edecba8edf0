"""Leave and wipe, or stay? Staying is the main action: nobody loses a case by a slip of the finger."""

from kivy.properties import BooleanProperty, StringProperty

from kiosk.journey.views import LeaveQuestion
from screens.base import Screen


class LeaveQuestionScreen(Screen):
    """See `leave_question.kv`."""

    plain = StringProperty("")
    can_save = BooleanProperty(False)

    def draw(self, view: LeaveQuestion) -> None:
        """Say what leaving means now, and what saving would mean."""
        self.can_save = view.can_save
        save, message = self.ids.save, self.ids.message
        if not view.can_save and save.parent is not None:
            message.remove_widget(save)
        elif view.can_save and save.parent is None:
            message.add_widget(save, index=1)
        said = self.words(f"leave_question.{view.means}")
        saving = self.words("draft.consent", days=view.draft_days) if view.can_save else ""
        self.plain = "\n".join(part for part in (said, saving) if part)
