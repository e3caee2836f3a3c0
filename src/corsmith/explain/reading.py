"""Reading a pasted text: every message in it, put together by the request that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec.structs import replace

from .causes import causes, rows_for
from .command import next_command
from .doors import front_door
from .elsewhere import PATTERNS
from .found import Explained, Message
from .symptoms import SYMPTOMS
from .wording import CHROME, FIREFOX, SAFARI, Wording

MOST = 200_000
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_QUOTES = str.maketrans({**dict.fromkeys("‘’‚‛`´′", "'"), **dict.fromkeys("“”„‟«»″", '"')})
_ENTITIES = {"&#39;": "'", "&#x27;": "'", "&apos;": "'", "&quot;": '"', "&amp;": "&", "&lt;": "<", "&gt;": ">"}
_ENTITY = re.compile("|".join(_ENTITIES))
_ACCESS = (
    r"Access to (?:[\w ]+?) at '(?P<a_url>\S*?)' (?:\(redirected from '\S*?'\) )?from origin '(?P<a_origin>\S*?)' has been"
    r" blocked by CORS policy: "
    r"|\b\w{1,40} (?:at|from) '(?P<b_url>[^']*)'(?: to '(?P<b_to>[^']*)')?"
    r"(?: from origin '(?P<b_origin>[^']*)')? has been blocked (?:from loading )?by (?:CORS|Cross-Origin Resource Sharing)"
    r" policy: "
    r"|(?:XMLHttpRequest|Fetch API) cannot load (?P<c_url>\S+?)[.:]? "
    r"|Failed to load (?P<d_url>https?://\S+?): "
)
_PREFIX = re.compile(
    rf"(?:{_ACCESS})(?P<pre>Response to preflight request doesn't pass access control check: )?$", re.IGNORECASE
)
_BARE_PRE = re.compile(r"Response to preflight request doesn't pass access control check: $", re.IGNORECASE)
_REASON = re.compile(r"(?:at|à|a|bei|auf|en|на|在)? ?'?(?P<url>https?://[^\s']+?)'?\.? \((?:[^():]{2,12}): $")
_THEREFORE = re.compile(r"Origin '(?P<origin>[^']*)' is therefore not allowed access")
_HTTP_STATUS = re.compile(r"HTTP status code (?P<status>\d{3})")
_STATUS_CODE = re.compile(r"^\)?\.? ?Status code: (?P<status>\d{3})")
_NET = re.compile(
    r"(?:(?P<method>[A-Z]{3,8}) (?P<url>https?://\S+) )?(?:net::)?(?P<name>ERR_[A-Z0-9_]+)(?: (?P<status>\d{3})\b)?"
    r"|Failed to load resource: the server responded with a status of (?P<plain>\d{3})"
)
_CANNOT_LOAD = re.compile(
    r"(?:Fetch API|XMLHttpRequest)? ?(?:cannot load )?(?P<url>https?://\S+) due to access control checks"
)
_INSECURE = re.compile(r"(?<=insecure resource ')https?://[^\s']+")
_FRAME = re.compile(r"\bat [^()]{0,200}?\(?(https?://[^\s/)]{1,300})/[^\s)]{0,2000}:\d+:\d+\)?")
_URL = re.compile(r"https?://[^\s'\"<>()]+[^\s'\"<>().,;:]")


def explain(text: str, status: int | None = None) -> tuple[Explained, ...]:
    """Return what `text` says, one entry for each blocked request; () when it says nothing that is known.

    `status` is the HTTP status of the failing answer, where the person knows it and the text does not hold it. What is
    behind the first `MOST` characters is not read.
    """
    unescaped = _ENTITY.sub(lambda entity: _ENTITIES[entity[0]], _ANSI.sub("", text[:MOST]))
    plain = " ".join(unescaped.translate(_QUOTES).split())
    found = (
        _merged(plain, sorted(_messages(plain), key=lambda message: message.start))
        or _elsewhere(plain)
        or _symptom(plain)
    )
    page = _page(plain)
    return tuple(_explained(message, plain, status, page) for message in found)


def _messages(text: str) -> Iterator[Message]:
    for wording in (*CHROME, *FIREFOX, *SAFARI):
        for match in wording.pattern.finditer(text):
            yield _message(wording, match, text)


def _message(wording: Wording, match: re.Match[str], text: str) -> Message:
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    before, after = text[max(0, match.start() - 4000) : match.start()], text[match.end() : match.end() + 600]
    error, url, origin = wording.error, groups.get("url"), groups.get("origin")
    status = int(groups["status"]) if "status" in groups else None
    if wording.browser == "chrome":
        prefix = _PREFIX.search(before)
        if prefix is not None:
            part = {name: value for name, value in prefix.groupdict().items() if value is not None}
            url = (
                url
                or part.get("a_url")
                or part.get("b_to")
                or part.get("b_url")
                or part.get("c_url")
                or part.get("d_url")
            )
            origin = origin or part.get("a_origin") or part.get("b_origin")
        if _BARE_PRE.search(before) and not error.startswith("Preflight") and _has_preflight_name(error):
            error = f"Preflight{error}"
        tail = re.split(r"Access to |Failed to load http| cannot load ", after, maxsplit=1)[0]
        therefore, known = _THEREFORE.search(tail), _HTTP_STATUS.search(tail)
        origin = origin or (therefore["origin"] if therefore else None)
        status = status if status is not None else int(known["status"]) if known else None
    else:
        known = _STATUS_CODE.search(after)
        status = int(known["status"]) if known else None
        reason = _REASON.search(before) if wording.browser == "firefox" else None
        url = url or (reason["url"] if reason else _last_url(before) if wording.browser == "firefox" else None)
        if wording.browser == "safari" and url is None:
            loaded = _CANNOT_LOAD.search(
                re.split(
                    r"\[Error\] (?!Fetch API|XMLHttpRequest|Failed)", text[match.end() : match.end() + 4000], maxsplit=1
                )[0]
            )
            url = loaded["url"] if loaded else None
    value = groups.get("value")
    header = wording.header
    if error.startswith("HeaderDisallowed") and value is not None:
        header, value = value.lower(), None
    return Message(
        wording.browser, error, match.start(), match.end(), origin, url, header, value, status, groups.get("method")
    )


def _last_url(text: str) -> str | None:
    """Return the last address in a text: localised messages have it somewhere before the reason."""
    found = _URL.findall(text)
    return found[-1] if found else None


def _has_preflight_name(error: str) -> bool:
    return (
        error.endswith(("Header", "Value", "Mismatch", "Values", "NotAllowed", "Credentials"))
        and "Redirect" not in error
    )


def _merged(text: str, messages: list[Message]) -> list[Message]:
    """Put messages about one block together, and give them the status that the lines around them tell."""
    kept: list[Message] = []
    for message in messages:
        same = [each for each in kept if each.browser == message.browser and each.url == message.url]
        if _follows(message, same) or any(each.key == message.key for each in kept):
            continue
        # Safari repeats the reason on a line of its own, without the address.
        if message.browser == "safari" and message.url is None and any(each.error == message.error for each in kept):
            continue
        kept = [
            each
            for each in kept
            if not (each in same and each.error == "net::ERR_FAILED" and each.browser == "firefox")
        ]
        kept.append(message)
    for line in _NET.finditer(text):
        known = line["status"] or line["plain"]
        place = _spoken_of(kept, line)
        if place is None:
            continue
        message = kept[place]
        kept[place] = replace(
            message,
            status=message.status if message.status is not None or known is None else int(known),
            method=message.method or line["method"],
        )
    return kept


def _follows(message: Message, same: list[Message]) -> bool:
    """Say whether Firefox prints a line after others about the same call, less exact than they are."""
    if message.browser != "firefox" or not same:
        return False
    redirected = any(each.error == "PreflightDisallowedRedirect" for each in same)
    return message.error == "net::ERR_FAILED" or (redirected and message.error == "PreflightInvalidStatus")


def _spoken_of(messages: list[Message], line: re.Match[str]) -> int | None:
    """Return the place of the message that a line of the network's log belongs to."""
    if line["url"] is not None:
        places = [at for at, message in enumerate(messages) if message.url == line["url"]]
        return places[0] if places else None
    before = [at for at, message in enumerate(messages) if message.start < line.start()]
    return before[-1] if before else (0 if messages else None)


def _elsewhere(text: str) -> list[Message]:
    for pattern, what in PATTERNS:
        match = pattern.search(text)
        if match is not None:
            address = _INSECURE.search(text) or _URL.search(text)
            browser = "firefox" if "mixed active content" in text else "safari" if "[Error]" in text else None
            return [
                Message(browser, None, match.start(), match.end(), url=address[0] if address else None, not_cors=what)
            ]
    return []


def _symptom(text: str) -> list[Message]:
    for symptom in SYMPTOMS:
        match = symptom.pattern.search(text)
        if match is not None:
            address = _URL.search(text)
            groups = match.groupdict()
            said = groups.get("status") or groups.get("status2")
            status = int(said) if said is not None and said.isdecimal() else None
            return [
                Message(
                    None,
                    symptom.error,
                    match.start(),
                    match.end(),
                    url=address[0] if address else None,
                    status=status,
                    symptom=symptom.name,
                )
            ]
    return []


def _explained(message: Message, text: str, status: int | None, page: str | None) -> Explained:
    known = message.status if message.status is not None else status
    message = replace(message, status=known)
    door, doors = front_door(message.url, text)
    if message.error == "net::ERR_FAILED" and message.not_cors is None:
        message = replace(message, not_cors=_NETWORK)
    found = () if message.not_cors else causes(rows_for(message), doors, known, message.value)
    remark = next((symptom.remark for symptom in SYMPTOMS if symptom.name == message.symptom), "")
    return Explained(message, door, found, next_command(message, page), remark)


_NETWORK = (
    "the network: no usable answer came (DNS, TLS, a closed connection, an extension, a redirect that cannot be followed). "
    "Firefox prints a CORS line for that too."
)


def _page(text: str) -> str | None:
    """Return the origin of a page on this machine that the text names in a stack trace, None where it names none."""
    match = _FRAME.search(text)
    if match is None:
        return None
    parts = urlsplit(match[1])
    return f"{parts.scheme}://{parts.netloc}"
