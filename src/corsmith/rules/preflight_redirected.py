"""preflight-redirected: the preflight is answered with a redirect."""

from __future__ import annotations

from itertools import chain

from corsmith.api.finding import Category

from .blocked import Blocked
from .code_proposals import answer_options, wrap
from .proposals import configure_cors
from .rule import Diagnosis, Rule


def explain(blocked: Blocked) -> Diagnosis | None:
    """Explain preflights that are redirected; browsers follow none."""
    if not blocked.at_preflight or not 300 <= blocked.status < 400:
        return None
    where = ", ".join(blocked.values("location")) or "nowhere"
    outcome = blocked.outcome
    return Diagnosis(
        f"The preflight is answered with {blocked.status} to {where}, and browsers follow no redirect there. Let the page "
        "call the final address, and answer OPTIONS with 204.",
        (outcome.span if outcome is not None else blocked.front_door.span,),
        lambda: chain(answer_options(blocked), configure_cors(blocked), wrap(blocked)),
    )


RULE = Rule("preflight-redirected", Category.BLOCKED, "the preflight is answered with a redirect", explain)
