"""Asked by `render_scenes.py` of each scene: where keys lead, in which order, and what is told on the way."""

from typing import Any

HEIGHT = 1920


def reading(stage: Any) -> list[dict[str, Any]]:
    """What keys can reach, in reading order, with what each says of itself."""
    from screens.widgets import reading_order
    from screens.widgets.speaking import told_of
    from screens.widgets.touch import rectangle

    told = []
    for widget in reading_order.order(stage):
        said = told_of(widget, stage.screen.words)
        box = list(rectangle(widget, HEIGHT))
        told.append({"key": widget.touch_key, "said": said.label, "role": said.role, "box": box})
    return told


def walk(stage: Any) -> dict[str, Any]:
    """Once around by one key, then to the main action; the scene is not what it was afterwards: lists are turned."""
    from screens.widgets.focus import Focus
    from screens.widgets.touch import in_sight

    told: list[Any] = []
    focus = Focus(stage, stage.screen.words, told.append)
    before = focus.focused
    focus.show()
    first = focus.focused
    steps, hidden, ringless = [], [], []
    for _ in range(len(focus.order()) + 2):  # 上翻 comes on the way
        focus.move(1)
        if focus.focused is None:
            break
        steps.append(focus.focused.touch_key)
        if not in_sight(focus.focused, HEIGHT):
            hidden.append(focus.focused.touch_key)
        ring = focus._ring.shown
        if ring is None or ring.width < 1:
            ringless.append(focus.focused.touch_key)
        if focus.focused is first:
            break
    end = focus.focused
    focus.to_main()
    main = focus.focused
    focus.hide()
    return {
        "before": before is None,
        "first": first.touch_key if first else None,
        "steps": steps,
        "hidden": hidden,
        "ringless": ringless,
        "round": end is first,
        "main": [main.touch_key, getattr(main, "look", "")] if main else None,
        "told": len(told),
        "away": focus._ring.shown is None and focus.focused is None,
    }
