"""A rare character is in the case as it was written: in the form, in what was signed, in the bytes that are sent."""

import json
from typing import Any

from kiosk.domain.case import canonical
from kiosk.journey import events as ev


def test_it_travels_into_the_manifest_unchanged(world: Any) -> None:
    name = "王㐂𠮷䶮〇㛃𪨶"
    world.to_form("rented")
    world.do(ev.Fill("emergency_contact", name))
    world.fill_form()
    view = world.do(ev.Continue())
    while type(view).__name__ == "Capture":
        view = world.do(ev.Continue()) if view.enough else world.take()
    assert ("紧急联系人", name) in view.fields
    world.do(ev.Continue(), ev.Sign((((0.1, 0.1), (0.9, 0.2)),)))
    manifest = world.stage.case.manifest
    assert manifest["form"]["emergency_contact"] == name
    sent = json.loads(canonical(manifest).decode("utf-8"))
    assert [hex(ord(sign)) for sign in sent["form"]["emergency_contact"]] == [hex(ord(sign)) for sign in name]
