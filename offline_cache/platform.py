"""The joint-service platform as a terminal sees it: every call of docs/backend-api.md, each with time-outs.

Used by the uploader process and by the face's platform thread, each with a `Platform` of its own. Every
method raises `UploadError` and nothing else for whatever the network or the other side does.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from ground.clock import Clock
from offline_cache.answers import accepted, parsed
from offline_cache.errors import Garbled, Portal, Refused
from offline_cache.link import USUAL_TIMEOUTS, Link, Reply, Timeouts
from offline_cache.pace import Pace
from offline_cache.people import People
from offline_cache.phone_uploads import PhoneUploads
from offline_cache.replies import (
    Acceptance,
    Enrolment,
    FilesThere,
    FileThere,
    GivenKey,
    Health,
    Progress,
    Terminal,
)
from offline_cache.signing import RequestSigner
from offline_cache.trust import Trust
from offline_cache.tus import Tus

_RATED_BEFORE = "B409"  # of the contract, at an evaluation: the case has another one


class Platform:
    """A client of one platform; for one thread at a time, except `abort`."""

    def __init__(
        self,
        base_url: str,
        token: str | None,
        clock: Clock,
        *,
        timeouts: Timeouts = USUAL_TIMEOUTS,
        chunk_bytes: int | None = None,
        pace: Pace | None = None,
        signer: RequestSigner | None = None,
        trust: Trust | None = None,
    ) -> None:
        """`token` is the terminal's, None before it is enrolled. Raises ValueError for an unfit address.

        `signer` signs every request; `trust` says whose certificate is believed (None: the system's authorities).
        """
        self._link = Link(base_url, token, clock, timeouts, signer=signer, trust=trust)
        self.uploads = Tus(self._link, "/v1/files", chunk_bytes, pace)
        self.phones = PhoneUploads(self._link)
        self.people = People(self._link)

    @property
    def certificate_until(self) -> datetime | None:
        """When the platform's certificate ends, as it was shown last; None without TLS."""
        return self._link.certificate_until

    def health(self) -> Health:
        """Whether the platform is there; anything else that answers 200 is a `Portal`."""
        reply = accepted(self._link.ask("GET", "/health"), {200})
        try:
            return parsed(reply, Health)
        except Garbled as error:
            raise Portal(why="not_ours", status=reply.status) from error

    def terminal(self) -> Terminal:
        """Who this terminal is, and to whom it is to seal. Raises `Denied` when it was revoked."""
        return parsed(accepted(self._link.ask("GET", "/v1/terminal"), {200}), Terminal)

    def enrol(self, code: str, name: str, public_key: str | None = None) -> Enrolment:
        """Trade an operator's one-time code for an identity. Raises `Denied` for a used or unknown code.

        `public_key`: this terminal's, base64; a platform that wants none of it (422, its code unspent) gets none.
        """
        said = {"code": code, "name": name}
        if public_key is not None:
            reply = self._put("POST", "/v1/terminals/enrol", said | {"public_key": public_key})
            if reply.status != 422:
                return parsed(accepted(reply, {200, 201}), Enrolment)
        return parsed(accepted(self._put("POST", "/v1/terminals/enrol", said), {200, 201}), Enrolment)

    def give_key(self, public_key: str) -> GivenKey:
        """Tell the platform this terminal's public key, from now on the one that signs. Raises `UploadError`."""
        reply = accepted(self._put("PUT", "/v1/terminal/key", {"public_key": public_key}), {200})
        return parsed(reply, GivenKey)

    def download(self, name: str) -> bytes:
        """The signed list of what the platform hands out under `name`, not yet believed. Raises `UploadError`."""
        reply = accepted(self._link.ask("GET", f"/v1/downloads/{quote(name, safe='')}"), {200, 204})
        return reply.body

    def downloaded_file(self, name: str, sha256: str, most_bytes: int) -> bytes:
        """One file of such a list, not yet compared with it. Raises `UploadError`."""
        path = f"/v1/downloads/{quote(name, safe='')}/files/{sha256}"
        return accepted(self._link.ask("GET", path, longest_reply=most_bytes), {200}).body

    def progress(self, number: str, check: str) -> Progress | None:
        """How far a case is; None unless number and check (last four of the id number) belong together."""
        reply = self._link.ask("GET", f"/v1/progress/{quote(number, safe='')}", query={"check": check})
        if reply.status == 404 and reply.is_json:
            return None
        return parsed(accepted(reply, {200}), Progress)

    def files(self, case_id: str) -> tuple[FileThere, ...]:
        """What of a case is already at the platform."""
        reply = self._link.ask("GET", "/v1/files", query={"case": case_id})
        return parsed(accepted(reply, {200}), FilesThere).files

    def put_case(self, envelope: Mapping[str, Any]) -> Acceptance:
        """Submit a case whose files are there; as often as you like, it stays one case.

        Raises `Missing` when files are not there or damaged, `Refused` when the platform will never take it.
        """
        case_id = envelope["case_id"]
        reply = accepted(self._put("PUT", f"/v1/cases/{case_id}", envelope), {200, 201})
        acceptance = parsed(reply, Acceptance)
        if acceptance.case_id != case_id:
            raise Garbled(what="Acceptance", field="case_id")
        return acceptance

    def put_evaluation(self, case_id: str, evaluation: Mapping[str, Any]) -> bool:
        """Submit the evaluation of a case that the platform has.

        False when the case was rated otherwise before, as from her phone: it is rated once, and that counts.
        """
        try:
            reply = accepted(self._put("PUT", f"/v1/cases/{case_id}/evaluation", evaluation), {200, 201, 204})
        except Refused as error:
            if error.facts.get("platform_code") != _RATED_BEFORE:
                raise
            return False
        if reply.body and not reply.is_json:
            raise Portal(why="not_ours", status=reply.status)
        return True

    def put_message(self, envelope: Mapping[str, Any]) -> None:
        """Submit anything else (a correction, a report, a device event), whose sealed files, if any, are there.

        As often as you like, it stays one message. Raises `Missing` and `Refused` as `put_case` does.
        """
        message_id = quote(str(envelope["message_id"]), safe="")
        reply = accepted(self._put("PUT", f"/v1/messages/{message_id}", envelope), {200, 201, 204})
        if reply.body and not reply.is_json:
            raise Portal(why="not_ours", status=reply.status)

    def put_heartbeat(self, body: Mapping[str, Any]) -> None:
        """Say how this terminal is."""
        reply = accepted(self._put("PUT", "/v1/terminal/heartbeat", body), {200, 201, 204})
        if reply.body and not reply.is_json:
            raise Portal(why="not_ours", status=reply.status)

    def put_bundle(self, content: bytes) -> None:
        """Bring a support bundle, for the platform's operator. Raises `UploadError`; `Refused` when it is too large."""
        path = f"/v1/terminal/bundles/{hashlib.sha256(content).hexdigest()}"
        reply = self._link.ask("PUT", path, headers={"Content-Type": "application/zip"}, body=content)
        reply = accepted(reply, {200, 201})
        if not reply.is_json:
            raise Portal(why="not_ours", status=reply.status)

    def abort(self) -> None:
        """Break off what is under way and refuse all that follows; for another thread."""
        self._link.abort()

    def close(self) -> None:
        """Let go of all connections."""
        self._link.close()

    def _put(self, method: str, path: str, content: Mapping[str, Any]) -> Reply:
        body = json.dumps(content).encode("ascii")
        return self._link.ask(method, path, headers={"Content-Type": "application/json"}, body=body)
