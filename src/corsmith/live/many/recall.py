"""What came of calls before: one whose answers are alike ends as they did, and is not judged again.

Theory of operation. What comes of a call depends on what is called, for whom, and on the answers: on nothing else. Calls
of one server that differ in their path alone ask for the same, and alike answers (`likeness.py`) lead to the same next
question or the same end. So the calls to a server are kept as a tree of questions: under each the answers that came, under
each of these the next question, or the line of results. Questions and lines have gaps for the path and for the values that
do not count.

Where the gaps are is found by judging once more, without a network: the same answers, but for a path and values that are
made up and occur nowhere else. Wherever these come out is a gap. A line is kept only if its gaps, filled with what really
was, give the very line that came.

Not kept: redirects, which lead on from the path; answers that ask to wait; failures; URLs that are not written as they are
called, or whose paths have more than plain characters; parameters that are masked.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.exchange import Headers, Response
from corsmith.browser.url import Url, parse_url

from ..exchange import Carrier
from ..record import Astray, Heard, Replay
from ..secrets import masked_url
from .likeness import Likeness, likeness, with_values
from .listed import Listed

Mark = TypeVar("Mark")
"""What else is kept of a result, beside its line. It must not depend on the path."""

_PLAIN = re.compile(r"(https?://[^/?#]+)(/[A-Za-z0-9_~/&=+.-]{0,300})(\?[A-Za-z0-9_~/&=+.,:-]{1,300})?")
_OWED = 8
"""How many results of a server are kept for later while none was of use."""
_ROOM = 16 * 1024 * 1024
"""The most bytes of lines that are kept. Then all is forgotten, and what is of use comes again."""
_LONGEST = 64 * 1024
_WAITS = (429, 503)


class Outcome(Struct, Generic[Mark], frozen=True):
    """What came of a call: its line of results, and what else is to be known of it."""

    line: bytes
    mark: Mark


Judges = Callable[[Listed, Carrier], Awaitable[Outcome[Mark]]]
"""Makes a call over a network and returns what came of it."""

Key = tuple[str, bool, str | None, str | None, Headers | None, str | None, bytes | None]


class Question(Struct):
    """A request: what stands before and behind its target, and what followed on each answer."""

    method: str
    before: bytes
    behind: bytes
    then: dict[Likeness, Question | End] = field(default_factory=dict)


class End(Struct, frozen=True):
    """A line in pieces. `gaps` are between them: 0 is the path, 1 the query, others the values in their order."""

    pieces: tuple[bytes, ...]
    gaps: tuple[int, ...]
    mark: object

    def line(self, values: Sequence[bytes]) -> bytes:
        parts = [self.pieces[0]]
        for gap, piece in zip(self.gaps, self.pieces[1:], strict=True):
            parts += (values[gap], piece)
        return b"".join(parts)


class _Server(Struct):
    """What is known of calls to a server. `owed`: how many more results were kept than were of use."""

    first: Question | End | None = None
    owed: int = 0
    called: bool = False


class Place(Struct, frozen=True):
    """A call that is like others: `path` and `query` (with its question mark) are what they differ in."""

    key: Key
    url: Url
    path: str
    query: str


class Recall(Generic[Mark]):
    """What came of calls. `judges` makes a call over a network, which here is a record, and says what came of it."""

    def __init__(self, judges: Judges[Mark]) -> None:
        self._judges = judges
        self._servers: dict[Key, _Server] = {}
        self.held = 0
        """Bytes of what is kept."""

    def first(self, place: Place) -> Question | End | None:
        """Return what calls there begin with, None where that is not known."""
        server = self._servers.get(place.key)
        return None if server is None else server.first

    def of_use(self, place: Place) -> None:
        """Note that what was kept came again."""
        server = self._servers.get(place.key)
        if server is not None:
            server.owed = max(0, server.owed - 1)

    async def keep(self, call: Listed, heard: Sequence[Heard], outcome: Outcome[Mark]) -> None:
        """Keep what came of a call for those that are alike, if it is worth it."""
        place = place_of(call)
        if place is None:
            return
        server = self._servers.get(place.key)
        if server is None:
            if len(self._servers) >= _OWED * 1024:
                self.forget()
            server = self._servers[place.key] = _Server()
        if not server.called:
            # Most lists name a server once.
            server.called = True
            return
        if server.owed < _OWED and len(outcome.line) < _LONGEST and all(map(_is_kept, heard)):
            await self._keep(place, call, server, heard, outcome)

    def forget(self) -> None:
        """Forget all."""
        self._servers.clear()
        self.held = 0

    async def _keep(
        self, place: Place, call: Listed, server: _Server, heard: Sequence[Heard], outcome: Outcome[Mark]
    ) -> None:
        answers = [each.answer for each in heard if isinstance(each.answer, Response)]
        alike = [likeness(answer) for answer in answers]
        if _end_of(server.first, [kept for kept, _ in alike]) is not None:
            return
        server.owed += 1
        made_up = _made_up(2 + sum(len(values) for _, values in alike))
        path, query = "/" + made_up[0], f"?{made_up[1]}" if place.query else ""
        names = iter(made_up[2:])
        replay = Replay(
            replace(each, answer=with_values(answer, [next(names) for _ in values]))
            for each, answer, (_, values) in zip(heard, answers, alike, strict=True)
        )
        again = replace(call, url=f"{place.url.origin}{path}{query}")
        try:
            other = await self._judges(again, replay)
        except (Astray, ValueError):
            return
        sent = [raw.split((path + query).encode()) for raw in replay.sent]
        if not replay.ended or other.mark != outcome.mark or any(len(parts) != 2 for parts in sent):
            return
        end = _cut(other, [path, query, *made_up[2:]])
        values = [place.path, place.query, *(value for _, values in alike for value in values)]
        target = (place.path + place.query).encode()
        same = end.line([written(value) for value in values]) == outcome.line
        if not same or any(parts[0] + target + parts[1] != each.raw for parts, each in zip(sent, heard, strict=True)):
            return
        self._hang(server, heard, sent, [kept for kept, _ in alike], end)

    def _hang(
        self,
        server: _Server,
        heard: Sequence[Heard],
        sent: Sequence[list[bytes]],
        alike: Sequence[Likeness],
        end: End,
    ) -> None:
        """Hang an end into the tree, with the questions that lead to it."""
        size = sum(map(len, end.pieces)) + sum(map(len, (part for parts in sent for part in parts)))
        size += sum(200 * len(fields) + len(body or b"") for _, fields, body in alike)
        if self.held + size > _ROOM:
            self.forget()
            return
        self.held += size
        chain: list[Question | End] = [
            Question(each.method, before, behind) for each, (before, behind) in zip(heard, sent, strict=True)
        ]
        chain.append(end)
        if server.first is None:
            server.first = chain[0]
        node = server.first
        for answer, following in zip(alike, chain[1:], strict=True):
            assert isinstance(node, Question), "an end is followed by nothing"
            node = node.then.setdefault(answer, following)


def place_of(call: Listed) -> Place | None:
    """Return where a call belongs, None where it is like no other one."""
    found = _PLAIN.fullmatch(call.url)
    if found is None or call.wrong or "/." in call.url:
        return None
    url, path, query = _server(found[1]), found[2], found[3] or ""
    if url is None or (query and masked_url(call.url) != call.url):
        return None
    return Place(
        (url.origin, bool(query), call.origin, call.method, call.headers, call.credentials, call.body), url, path, query
    )


@lru_cache(maxsize=1024)
def _server(start: str) -> Url | None:
    """Return the address of a server whose URLs begin so, None where browsers write that otherwise."""
    url = parse_url(f"{start}/")
    return url if url is not None and url.text == f"{start}/" and not url.has_userinfo else None


def _is_kept(heard: Heard) -> bool:
    answer = heard.answer
    if not isinstance(answer, Response) or 300 <= answer.status < 400 or answer.status in _WAITS:
        return False
    return len(answer.body) <= _LONGEST and not any(name.lower() == "location" for name, _ in answer.headers)


def _end_of(node: Question | End | None, alike: Sequence[Likeness]) -> End | None:
    """Return what the answers lead to, None where that is not known."""
    for each in alike:
        if not isinstance(node, Question):
            return None
        node = node.then.get(each)
    return node if isinstance(node, End) else None


def _made_up(count: int) -> list[str]:
    """Return numbers of one length that occur nowhere else."""
    start = 10**14 + secrets.randbelow(8 * 10**14)
    return [str(start + number) for number in range(count)]


def _cut(outcome: Outcome[Mark], made_up: Sequence[str]) -> End:
    gaps = {written(text): gap for gap, text in enumerate(made_up) if text}
    parts = re.split(b"(" + b"|".join(map(re.escape, gaps)) + b")", outcome.line)
    return End(tuple(parts[::2]), tuple(gaps[part] for part in parts[1::2]), outcome.mark)


def written(value: str) -> bytes:
    """Return text as it is inside of a JSON string."""
    if '"' in value or "\\" in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return value.encode()
