"""This project's own middleware for middy: `middy(handler).use(middleware(policy))`.

Measured with @middy/core 6.4: it answers preflights before anything after it runs; after the handler, and on errors, it
writes the policy's headers over those there are, and where nothing has made a response of an error, it sends a 500.
Where others are used before it, they see the response later, and may add to it.
"""

from __future__ import annotations

from lambda_cors import Policy

from corsmith.api.span import Span

from ...decisions import Value
from ...machine import Machine
from ...python.frameworks.lambda_cors import covered, crashed, passed, preflights
from ...values import Const, Ref
from ...ways import Way
from ..values import UNDEFINED
from ..writing import set_leaf


class Policied(Value):
    """The steps of the middleware."""

    policy: Policy

    def answers(self, machine: Machine, span: Span) -> list[Way]:
        """Return the answers to preflights; from then on the machine is where requests go on."""
        found = preflights(machine, self.policy, machine.condition, span, "lambda-cors")
        machine.condition = machine.decisions.both(machine.condition, passed(machine))
        return found

    def after(self, machine: Machine, request: Ref) -> None:
        """Write the policy's headers over those of the response; there is none after an error that nothing answered."""
        response = machine.record(request).fields["response"]
        value = machine.each(response, lambda leaf: covered(machine, self.policy, leaf))
        set_leaf(machine, request, Const("response"), value, None)

    def on_error(self, machine: Machine, request: Ref) -> None:
        """Send a 500 where nothing has made a response of the error."""

        def one(leaf: Value) -> Value:
            return crashed(machine, self.policy) if leaf is UNDEFINED else covered(machine, self.policy, leaf)

        value = machine.each(machine.record(request).fields["response"], one)
        set_leaf(machine, request, Const("response"), value, None)
