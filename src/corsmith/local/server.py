"""The local gateway as a whole: a listener for each front door, one set of functions for each template."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from corsmith.api.exchange import Request, Response
from corsmith.api.model import Api, FrontDoor
from corsmith.api.rest_api import RestApi
from corsmith.gateways.address import stage_name
from corsmith.readers import Settings

from .authorize import FakeJudge, Judge, RealJudge
from .functions import Functions, Tell
from .gateway import Gateway, Seen, Services
from .jwt import Key
from .launch import Interpreters
from .listener import Listener
from .message import Incoming, Limits, Outgoing
from .opinions import Opinions
from .project import Project, read_project
from .watch import Watch

PLACE = "/__corsmith"
"""Where the gateway's own page is, on every address."""

SHOWN = 50
"""Exchanges that the page shows."""

KEPT_OF_BODY = 8192
"""Bytes of a response that are kept for it."""

DEPLOY = f"{PLACE}/deploy"
"""POST here, on any of the addresses, deploys the REST APIs that `--manual-deploy` holds back."""

_LIMITS = {"function_url": Limits(head=64 * 1024)}


class Options(Struct, frozen=True):
    """What is served, and how. `port` 0: any free one for each front door; `clock`: how much faster time limits run."""

    target: str
    port: int = 3000
    front_door: str | None = None
    auth: Literal["real", "fake"] = "real"
    keys: tuple[Key, ...] = ()
    reload: bool = False
    manual_deploy: bool = False
    python: str | None = None
    node: str | None = None
    real_credentials: bool = False
    clock: float = 1.0
    settings: Settings = Settings()


class Address(Struct, frozen=True):
    """Where a front door is served. `url` has the stage, and no slash at its end."""

    front_door: str
    api: str
    url: str


class _Served(Struct):
    gateway: Gateway
    listener: Listener
    template: str
    address: Address = field(default=Address("", "", ""))
    held: FrontDoor | None = None


class NothingToServe(Exception):  # noqa: N818 - it says what is the matter
    """The project has no front door, or none of the name that was asked for."""


class Server:
    """Serves a project. `tell` hears what people should know, `seen` every exchange; `opinions` judges them."""

    def __init__(self, options: Options, tell: Tell, seen: Seen, opinions: Opinions) -> None:
        self._options = options
        self._tell = tell
        self._opinions = opinions
        self._last: deque[tuple[FrontDoor, Request, Response]] = deque(maxlen=SHOWN)
        self._watchers: tuple[Seen, ...] = (seen, self._remember)
        self._project = Project((), (), (), ())
        self._functions: dict[str, Functions] = {}
        self._served: list[_Served] = []
        self._watch = Watch()
        self._tasks: set[asyncio.Task[None]] = set()
        self._next_port = options.port

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Where the front doors are served."""
        return tuple(served.address for served in self._served)

    @property
    def front_doors(self) -> tuple[tuple[Address, FrontDoor], ...]:
        """The front doors as they answer now."""
        return tuple((served.address, served.gateway.front_door) for served in self._served)

    async def start(self) -> None:
        """Read the project and listen.

        Raises `NothingToServe`, `CannotStart` for an interpreter that is none, `corsmith.api.tree.Unreadable`, or
        `OSError` where a port is taken.
        """
        self._interpreters().refuse_missing()
        self._project = read_project(self._options.target, self._options.settings)
        for problem in self._project.problems:
            self._tell(problem)
        pairs = self._project.front_doors(self._options.front_door)
        if not pairs:
            raise NothingToServe(self._nothing())
        try:
            for api, front_door in pairs:
                await self._serve(api, front_door)
        except BaseException:
            await self.close()
            raise
        if self._options.reload:
            self._watch.look(self._project)

    async def close(self) -> None:
        """Stop listening and end every function."""
        await asyncio.gather(*(served.listener.close() for served in self._served))
        await asyncio.gather(*(functions.close() for functions in self._functions.values()))
        await asyncio.to_thread(self._opinions.close)

    def deploy(self) -> int:
        """Let the held-back REST APIs answer; return how many there were."""
        held = [served for served in self._served if served.held is not None]
        for served in held:
            assert served.held is not None
            served.gateway.front_door, served.held = served.held, None
        self._tell(f"deployed {len(held)} REST API(s)")
        return len(held)

    async def _serve(self, api: Api, front_door: FrontDoor) -> None:
        functions = self._functions.get(api.file)
        if functions is None:
            functions = self._functions[api.file] = self._new_functions(api)
        gateway = Gateway(front_door, Services(functions, self._judge(functions), self._tell, self._watchers))
        gateway.changes = self._options.reload
        listener = Listener(self._handler(gateway), _LIMITS.get(front_door.kind, Limits()))
        await self._listen(listener)
        gateway.address = f"http://127.0.0.1:{listener.port}"
        url = gateway.address + _prefix(front_door)
        self._served.append(_Served(gateway, listener, api.file, Address(front_door.kind, front_door.name, url)))

    async def _listen(self, listener: Listener) -> None:
        while True:
            port, self._next_port = self._next_port, self._next_port + bool(self._next_port)
            try:
                await listener.start(port)
            except OSError:
                # The port that was asked for has to be free; the others are the next free ones.
                if port in (0, self._options.port) or port > 65_000:
                    raise
            else:
                return

    def _handler(self, gateway: Gateway) -> Callable[[Incoming], Outgoing | Awaitable[Outgoing]]:
        def handle(incoming: Incoming) -> Outgoing | Awaitable[Outgoing]:
            path = incoming.target.partition("?")[0]
            if path == PLACE or path.startswith(f"{PLACE}/"):
                return self._inspect(incoming, path.removeprefix(PLACE), gateway)
            return gateway.handle(incoming)

        def reloading(incoming: Incoming) -> Outgoing | Awaitable[Outgoing]:
            self._refresh()
            return handle(incoming)

        return reloading if self._options.reload else handle

    def _remember(self, front_door: FrontDoor, request: Request, response: Response) -> None:
        # Bodies may have megabytes each, and the page shows their beginning only.
        if len(response.body) > KEPT_OF_BODY:
            response = replace(response, body=response.body[:KEPT_OF_BODY])
        self._last.appendleft((front_door, replace(request, body=None) if request.body else request, response))

    def _inspect(self, incoming: Incoming, page: str, gateway: Gateway) -> Outgoing | Awaitable[Outgoing]:
        # Loads the model of the browser, which serving does not need.
        from .inspector import Shown, respond

        return respond(incoming, page, gateway, Shown(tuple(self._last), self._opinions, self.deploy))

    def _refresh(self) -> None:
        change = self._watch.look(self._project)
        if change is None:
            return
        self._opinions.forget()
        if any(map(self._project.depends_on, change.paths)):
            self._reread()
        self._tell(f"changed: {change}")
        for api in self._project.apis:
            if api.file in self._functions:
                touched = frozenset(each.name for each in api.functions if change.touches(each))
                self._functions[api.file].redefine(api.functions, touched)
        self._watch.look(self._project)

    def _reread(self) -> None:
        try:
            project = read_project(self._options.target, self._options.settings)
        except Exception as error:  # noqa: BLE001 - half-written templates are normal while somebody edits
            self._tell(f"the project cannot be read, the last readable one is served: {error}")
            return
        for problem in project.problems:
            self._tell(problem)
        found = {(api.file, front_door.name): (api, front_door) for api, front_door in project.front_doors(None)}
        if not found:
            self._tell("the template defines no front door any more; the last ones are served")
            return
        self._project = project
        for served in self._served:
            entry = found.pop((served.template, served.gateway.front_door.name), None)
            served.gateway.withdrawn = entry is None
            if entry is not None:
                self._exchange(served, entry[1])
        for api, front_door in found.values():
            if self._options.front_door in (None, front_door.name, front_door.kind):
                self._tasks.add(asyncio.get_running_loop().create_task(self._serve_more(api, front_door)))

    def _exchange(self, served: _Served, after: FrontDoor) -> None:
        served.held = None
        if after == served.gateway.front_door:
            return
        if self._options.manual_deploy and isinstance(after, RestApi):
            served.held = after
            self._tell(f"{after.name} changed and is not deployed: POST {DEPLOY}")
        else:
            served.gateway.front_door = after

    async def _serve_more(self, api: Api, front_door: FrontDoor) -> None:
        await self._serve(api, front_door)
        self._tell(f"{front_door.name} is new: {self._served[-1].address.url}")

    def _new_functions(self, api: Api) -> Functions:
        return Functions(api.functions, self._interpreters(), self._tell, self._options.clock)

    def _interpreters(self) -> Interpreters:
        target = Path(self._options.target)
        project = target if target.is_dir() else target.parent
        options = self._options
        return Interpreters(project, options.python, options.node, options.real_credentials)

    def _judge(self, functions: Functions) -> Judge:
        return FakeJudge(functions) if self._options.auth == "fake" else RealJudge(functions, self._options.keys)

    def _nothing(self) -> str:
        names = sorted(front_door.name for _, front_door in self._project.front_doors(None))
        if names:
            return f"{self._options.target} has no front door {self._options.front_door!r}; it has {', '.join(names)}"
        return f"{self._options.target} defines no API that can be read"


def _prefix(front_door: FrontDoor) -> str:
    stages = getattr(front_door, "stages", ())
    names = [stage_name(stage) for stage in stages]
    return "" if not names or "$default" in names else f"/{names[0]}"
