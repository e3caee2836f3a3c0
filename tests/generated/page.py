"""The page's own code: the call that its script makes."""

from __future__ import annotations

import json
import re

from .plan import Plan

_VALUES = {"content-type": "application/json", "authorization": "Bearer token", "x-api-key": "key"}


def files(plan: Plan) -> dict[str, str]:
    """Return the page's script, nothing where the plan has none."""
    if not plan.page:
        return {}
    path = re.sub(r"\{(\w+)\}", r"${\1}", plan.path)
    names = ", ".join(("api", *re.findall(r"\{(\w+)\}", plan.path), "body"))
    sent = {name: _VALUES.get(name, "1") for name in (*plan.sent, *plan.page_sends)}
    lines = [f'    method: "{plan.method}",']
    if sent:
        lines.append(f"    headers: {{ {', '.join(f'{json.dumps(k)}: {json.dumps(v)}' for k, v in sent.items())} }},")
    if plan.credentials:
        lines.append('    credentials: "include",')
    if plan.json:
        lines.append("    body: JSON.stringify(body),")
    made = "\n".join(lines)
    text = (
        f"export async function call({names}) {{\n  const response = await fetch(`${{api}}{path}`, {{\n{made}\n  }});\n"
        "  return response.json();\n}\n"
    )
    return {"web/call.js": text}
