"""Calls to one account and Region: each at its pace, every list to its last page, failures noted while the rest goes on."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from .answers import Answers, Nothing
from .pace import Pace
from .session import Access, client, nobody
from .snapshot import Failure, Json, Place
from .waiting import Silent

if TYPE_CHECKING:
    from collections.abc import Callable

_NO_CREDENTIALS = frozenset(
    ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "SignatureDoesNotMatch", "InvalidSignatureException")
)
"""Codes after which no other call of the account can succeed."""
_NO_REGION = frozenset(("UnrecognizedClientException", "InvalidClientTokenId", "OptInRequired", "AuthFailure"))
"""Codes of a Region that is not enabled for an account whose credentials are good elsewhere."""
_GONE = frozenset(
    ("NotFoundException", "ResourceNotFoundException", "NoSuchDistribution", "WAFNonexistentItemException")
)
_DENIED = frozenset(("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "ForbiddenException"))
_THROTTLED = frozenset(("TooManyRequestsException", "ThrottlingException", "Throttling", "RequestLimitExceeded"))
_TOKENS = {
    "apigateway": ("position", "position"),
    "apigatewayv2": ("NextToken", "NextToken"),
    "lambda": ("Marker", "NextMarker"),
    "organizations": ("NextToken", "NextToken"),
}
"""Service to the names of the page's token: as an argument, and in the answer."""
_MOST_PAGES = 10_000
_GLOBAL = {"aws": "us-east-1", "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1"}
"""Where the services that have no Regions are asked."""


class Stopped(Exception):  # noqa: N818 - it names what becomes of the reading
    """Nothing more can be read here; `failure` says why. `everywhere`: nor in the account's other Regions."""

    def __init__(self, failure: Failure, *, everywhere: bool) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.everywhere = everywhere


class Gone(Exception):  # noqa: N818 - it names a state
    """What was asked about is not there any more, or never was."""


class Asking(Struct, eq=False):
    """Asks AWS about one place. `asked` is told of each request that is sent, retries included.

    `tell` takes sentences for whoever waits; `answers` has what AWS said already.
    """

    access: Access
    place: Place
    pace: Pace
    asked: Callable[[str, str], None] | None = None
    tell: Callable[[str], None] = nobody
    answers: Answers = Nothing()
    failures: list[Failure] = field(default_factory=list)
    _clients: dict[str, Any] = field(default_factory=dict)

    def one(self, service: str, operation: str, subject: str, **arguments: Any) -> Json | None:
        """Return an answer as plain JSON; None where there was none, which is noted.

        `operation` as AWS spells it, "GetStages". Raises `Gone` where the subject is not there, `Stopped` where nothing
        more can be read.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        known = self.answers.known(service, operation, arguments)
        if known is not None:
            return known
        try:
            answer = getattr(self._client(service), _snake(operation))(**arguments)
            told: Json = plain({key: each for key, each in answer.items() if key != "ResponseMetadata"})
            self.answers.keep(service, operation, arguments, told)
            return told
        except Silent as error:
            self._silent(service, operation, subject, error)
        except ClientError as error:
            self._refused(service, operation, subject, error.response.get("Error", {}))
        except BotoCoreError as error:
            self._unanswered(service, operation, subject, error)
        except ValueError as error:
            # What claims to be JSON, and is not: botocore's parser gives up.
            self._note(service, operation, subject, "", f"the answer cannot be read: {error}")
        return None

    def every(self, service: str, operation: str, subject: str, items: str, **arguments: Any) -> Iterator[Json]:
        """Yield the items of a list, page by page; what comes after a failure is missing, and the failure noted."""
        given, returned = _TOKENS[service]
        token: str | None = None
        for _ in range(_MOST_PAGES):
            page = self.one(service, operation, subject, **arguments, **({given: token} if token else {}))
            if page is None and token is None and self._is_too_much(arguments):
                page = self.one(service, operation, subject, **arguments)
            if page is None:
                return
            yield from page.get(items) or ()
            following = page.get(returned)
            if not following:
                return
            if following == token:
                self._note(
                    service, operation, subject, "", "the list begins again at the same page; what was read is kept"
                )
                return
            token = str(following)

    def _is_too_much(self, arguments: Json) -> bool:
        """Say whether the page that was asked for was refused for its length, which AWS documents nowhere; ask for none then."""
        refused = "MaxResults" in arguments and bool(self.failures) and self.failures[-1].code == "BadRequestException"
        if refused:
            self.failures.pop()
            del arguments["MaxResults"]
        return refused

    def close(self) -> None:
        """Close the connections."""
        for each in self._clients.values():
            each.close()
        self._clients.clear()

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            region = self.place.region or _GLOBAL.get(self.place.partition)
            made = client(self.access.session, service, region, self.tell)

            def before(event_name: str, **_: Any) -> None:
                operation = event_name.rpartition(".")[2]
                self.pace.wait(service, operation)
                if self.asked is not None:
                    self.asked(service, operation)

            made.meta.events.register("before-send", before)
            self._clients[service] = made
        return self._clients[service]

    def _refused(self, service: str, operation: str, subject: str, error: Json) -> None:
        code, said = str(error.get("Code", "")), str(error.get("Message", "")).strip()
        if code in _GONE:
            raise Gone(subject)
        if code in _NO_CREDENTIALS:
            why = f"the credentials of {self.access.label} are not valid any more ({code})"
            raise Stopped(self._failure(service, operation, subject, code, why), everywhere=True)
        if code in _NO_REGION:
            why = f"{self.place.region or 'this Region'} is not enabled for account {self.place.account} ({code})"
            raise Stopped(self._failure(service, operation, subject, code, why), everywhere=False)
        why = "AWS does not allow it" if code in _DENIED else "AWS refused it"
        if code in _THROTTLED:
            why = "AWS was asked too often, and went on refusing"
        self._note(service, operation, subject, code, f"{why} ({code}{': ' + said if said else ''})")

    def _silent(self, service: str, operation: str, subject: str, error: Silent) -> None:
        """Note that nobody answers; where nobody ever did, nothing else is asked."""
        if error.never:
            raise Stopped(self._failure(service, operation, subject, "", str(error)), everywhere=False) from error
        self._note(service, operation, subject, "", str(error))

    def _unanswered(self, service: str, operation: str, subject: str, error: Exception) -> None:
        from botocore import exceptions

        nobody = tuple(
            getattr(exceptions, name)
            for name in (
                "NoCredentialsError",
                "CredentialRetrievalError",
                "PartialCredentialsError",
                "SSOError",
                "TokenRetrievalError",
            )
        )
        if isinstance(error, nobody):
            raise Stopped(self._failure(service, operation, subject, "", str(error)), everywhere=True) from error
        nowhere = (
            exceptions.EndpointConnectionError,
            exceptions.ConnectTimeoutError,
            exceptions.ProxyConnectionError,
            exceptions.SSLError,
        )
        if isinstance(error, nowhere):
            raise Stopped(self._failure(service, operation, subject, "", str(error)), everywhere=False) from error
        self._note(service, operation, subject, "", str(error))

    def _note(self, service: str, operation: str, subject: str, code: str, why: str) -> None:
        self.failures.append(self._failure(service, operation, subject, code, why))

    def _failure(self, service: str, operation: str, subject: str, code: str, why: str) -> Failure:
        action = f"{'apigateway' if service == 'apigatewayv2' else service}:{operation}"
        return Failure(action, subject, code, f"{action} on {subject}: {why}")


def plain(node: Any) -> Any:
    """Return what boto3 gave as JSON has it: dates as texts in UTC, bytes and streams read."""
    if isinstance(node, dict):
        return {str(key): plain(each) for key, each in node.items()}
    if isinstance(node, list | tuple):
        return [plain(each) for each in node]
    if isinstance(node, datetime.datetime):
        return node.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(node, bytes):
        return node.decode("utf-8", "replace")
    if hasattr(node, "read"):
        return plain(node.read())
    return node


def parsed(text: Any) -> Json | None:
    """Return a document that AWS handed over as text; None where it is none."""
    try:
        read = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _snake(operation: str) -> str:
    from botocore import xform_name

    name: str = xform_name(operation)
    return name
