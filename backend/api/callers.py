"""Who makes a request: what every router asks for first."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from backend.platform import Platform
from backend.refusals import Refusal, RefusalBody
from backend.terminals import Caller, caller_of

_terminal_bearer = HTTPBearer(
    scheme_name="terminal", description="The token that a terminal got when it was enrolled", auto_error=False
)
_operator_bearer = HTTPBearer(
    scheme_name="operator",
    description="The token in `keys/operator.token` of the data folder",
    auto_error=False,
)

Given = HTTPAuthorizationCredentials | None
#: The answers that every call of a terminal or an operator may give.
REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": RefusalBody, "description": "B401: no token, an unknown one, or a revoked terminal's"},
    422: {"model": RefusalBody, "description": "B422: the request does not fit its description"},
}


def refusals(**described: str) -> dict[int | str, dict[str, Any]]:
    """`REFUSALS` and further ones, named s404="…" and so on."""
    more = dict(REFUSALS)
    for name, said in described.items():
        more[int(name[1:])] = {"model": RefusalBody, "description": said}
    return more


def platform_of(request: Request) -> Platform:
    """The platform that this application serves."""
    platform: Platform = request.app.state.platform
    return platform


ThePlatform = Annotated[Platform, Depends(platform_of)]


def _refuse() -> Refusal:
    return Refusal(401, "B401", "this token is not known here", headers={"WWW-Authenticate": "Bearer"})


def terminal(platform: ThePlatform, given: Annotated[Given, Depends(_terminal_bearer)]) -> Caller:
    """The enrolled terminal that calls, or a 401 refusal."""
    caller = caller_of(platform, given.credentials) if given is not None else None
    if caller is None:
        raise _refuse()
    return caller


def operator(platform: ThePlatform, given: Annotated[Given, Depends(_operator_bearer)]) -> None:
    """Passes when an operator calls; a 401 refusal otherwise."""
    if given is None or not platform.keys.is_operator(given.credentials):
        raise _refuse()


TheTerminal = Annotated[Caller, Depends(terminal)]
