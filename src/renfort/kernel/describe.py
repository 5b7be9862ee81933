"""Draw a workflow: the diagram, the table and the permission matrix are never retyped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from renfort.kernel.actors import Actor
from renfort.kernel.workflow import Workflow


def diagram(flow: Workflow[Any]) -> str:
    """The life cycle as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {flow.initial}"]
    for transition in flow.transitions:
        lines += [
            f"    {source} --> {transition.target or source}: {transition.name} ({transition.who.label})"
            for source in transition.source
        ]
    lines += [f"    {state} --> [*]" for state in sorted(flow.final)]
    return "\n".join(lines)


def table(flow: Workflow[Any]) -> str:
    """The transitions as a Markdown table: label, from, to, who, what forbids it, whom it tells."""
    rows = ["| action | address | from | to | who | refused when | asks | tells |", "|---|---|---|---|---|---|---|---|"]
    for transition in flow.transitions:
        cells = [
            str(transition.label),
            transition.path,
            ", ".join(transition.source),
            transition.target or "(same)",
            transition.who.label + (" (due)" if transition.due else ""),
            "<br>".join(str(guard.refusal) for guard in (transition.offered, *transition.unless, *transition.when) if guard)
            or "–",
            ", ".join(transition.asks) or "–",
            "<br>".join(message.key for message in transition.tells) or "–",
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def page() -> str:
    """The whole of ``docs/workflows.md``, from every declared workflow."""
    parts = ["# Life cycles\n\nGenerated from the workflow pages by `make docs`; do not edit.\n"]
    for model, flow in sorted(Workflow.registry.items()):
        states = "\n".join(f"- `{state.value}`: {state.label}" for state in flow.states)
        parts.append(f"\n## {model}\n\n{states}\n\n```mermaid\n{diagram(flow)}\n```\n\n{table(flow)}\n")
    return "".join(parts)


def matrix(flow: Workflow[Any], obj: Any, actors: Mapping[str, Actor]) -> dict[str, dict[str, list[str]]]:
    """state → actor → transitions offered. One snapshot of this is the permission test."""
    return {
        state: {name: [t.name for t in flow.from_state(state) if t.who(actor, obj)] for name, actor in actors.items()}
        for state in flow.states.values
    }


def reachable(flow: Workflow[Any], *, without: str = "") -> set[str]:
    """The states that can be reached, if one state did not exist."""
    found: set[str] = set()
    frontier = {flow.initial} - {without}
    while frontier:
        found |= frontier
        steps = {t.target for state in frontier for t in flow.from_state(state) if t.target}
        frontier = steps - found - {without}
    return found


def always_passes(flow: Workflow[Any], *, through: str, before: str) -> bool:
    """A hard rule as a proof: there is no way to ``before`` that avoids ``through``."""
    return before not in reachable(flow, without=through)
