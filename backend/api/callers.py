"""Who makes a request: what every router asks for first."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer
from starlette.requests import ClientDisconnect

from backend.admission import admit, unknown_token
from backend.platform import Platform
from backend.refusals import Refusal, RefusalBody
from backend.signing import Asked
from backend.terminals import Caller

_terminal_bearer = HTTPBearer(
    scheme_name="terminal", description="The token that a terminal got when it was enrolled", auto_error=False
)
_operator_bearer = HTTPBearer(
    scheme_name="operator",
    description="The token in `keys/operator.token` of the data folder",
    auto_error=False,
)
_basic = HTTPBasic(auto_error=False, realm="operator")

Given = HTTPAuthorizationCredentials | None
#: The answers that every call of a terminal or an operator may give.
REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": RefusalBody, "description": "B401, or B461 to B466 for signatures and revocation"},
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


async def asked_of(request: Request) -> Asked:
    """The request as its sender signed it. A PATCH is not read here: it is a file on its way to the disk."""
    body: bytes | None = None
    if request.method != "PATCH":
        try:
            body = await request.body()
        except ClientDisconnect as error:
            raise Refusal(400, "B400", "the request broke off") from error
    fields: dict[str, str] = {}
    for name, value in request.headers.items():
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    raw = request.scope.get("raw_path") or request.url.path.encode("ascii", "replace")
    return Asked(
        method=request.method,
        path=raw.decode("latin-1"),
        query=request.scope["query_string"].decode("latin-1"),
        fields=fields,
        body=body,
    )


TheRequest = Annotated[Asked, Depends(asked_of)]


def terminal(
    platform: ThePlatform, asked: TheRequest, given: Annotated[Given, Depends(_terminal_bearer)]
) -> Caller:
    """The enrolled terminal that calls, or a 401 refusal."""
    return admit(platform, None if given is None else given.credentials, asked)


def token(given: Annotated[Given, Depends(_terminal_bearer)]) -> str | None:
    """The token that was shown, not looked at."""
    return None if given is None else given.credentials


def operator(platform: ThePlatform, given: Annotated[Given, Depends(_operator_bearer)]) -> None:
    """Passes when an operator calls; a 401 refusal otherwise."""
    if given is None or not platform.keys.is_operator(given.credentials):
        raise unknown_token()


def page_operator(
    platform: ThePlatform, given: Annotated[HTTPBasicCredentials | None, Depends(_basic)]
) -> None:
    """Passes when an operator looks at a page; otherwise the browser asks."""
    if given is None or not platform.keys.is_operator(given.password):
        said = "the operator's token is the password"
        raise Refusal(401, "B401", said, headers={"WWW-Authenticate": 'Basic realm="operator"'})


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else "unknown"


TheTerminal = Annotated[Caller, Depends(terminal)]
TheToken = Annotated[str | None, Depends(token)]
