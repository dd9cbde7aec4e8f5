"""Random diagrams that are sound by construction, and random changes to them.

A plan is a tree of blocks: ("do", id, boundary event), ("wait", id, ""), ("row", [plan…]),
("one", id, [plan…]),
("all", id, [plan…]), ("again", id, plan), ("inside", id, plan).
"""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

from bpmn.parser import Definition
from tests.bpmn.diagrams import (
    boundary,
    definition,
    end,
    flows,
    message,
    messages,
    node,
    start,
    timer,
    user,
)

Plan = tuple[Any, ...]


class Maker:
    """Makes plans and changes them; ids are never used twice."""

    def __init__(self, random: Random) -> None:
        self.random, self._count = random, 0

    def _id(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count}"

    def plan(self, depth: int = 3) -> Plan:
        kinds = ["do", "row", "row", "one", "all", "all", "again", "inside"]
        kind = self.random.choice(kinds if depth else ["do", "do", "wait"])
        some = [self.plan(depth - 1) for _ in range(self.random.randint(2, 3)) if depth]
        if kind in ("do", "wait"):
            guard = self.random.choice(["", "", "late", "stop"]) if kind == "do" else ""
            return (kind, self._id(kind), guard)
        if kind == "row":
            return (kind, some)
        if kind in ("one", "all"):
            return (kind, self._id(kind), some)
        return (kind, self._id(kind), some[0])

    def changed(self, plan: Plan, names: dict[str, str]) -> Plan:
        """The plan with some of it changed; names: filled with what was renamed."""
        luck = self.random.random()
        if luck < 0.05:
            return ("row", [plan, self.plan(1)])
        if luck < 0.1:
            return ("row", [self.plan(1), plan])
        if luck < 0.13:
            return ("all", self._id("all"), [plan, self.plan(0)])
        if luck < 0.16:
            return self.plan(1)
        if plan[0] in ("do", "wait"):
            return self._renamed(plan, names)
        if plan[0] == "row":
            return ("row", [self.changed(one, names) for one in plan[1]])
        if plan[0] in ("one", "all"):
            return self._with_other_ways(plan, names)
        return (*plan[:2], self.changed(plan[2], names))

    def _renamed(self, plan: Plan, names: dict[str, str]) -> Plan:
        kind, name, guard = plan
        luck = self.random.random()
        if luck < 0.15:
            names[name] = self._id(kind)
            return (kind, names[name], guard)
        if kind == "do" and luck < 0.3:
            return (kind, name, self.random.choice(["", "late", "stop"]))
        return plan

    def _with_other_ways(self, plan: Plan, names: dict[str, str]) -> Plan:
        ways, luck = [self.changed(one, names) for one in plan[2]], self.random.random()
        if luck < 0.08 and len(ways) > 2:
            ways.pop(self.random.randrange(len(ways)))
        elif luck < 0.16:
            ways.append(self.plan(0))
        return (*plan[:2], ways)


def built(plan: Plan) -> Definition:
    """A definition that can be run."""
    parts: list[str] = []
    first, last = _build(plan, parts)
    ends = [start(), end(), flows(f"start > {first}", f"{last} > end")]
    return definition(*ends, *parts, outside=messages("stop"))


def _build(plan: Plan, parts: list[str]) -> tuple[str, str]:
    """Add the parts of a plan; its first and last element."""
    kind = plan[0]
    if kind == "row":
        ends = [_build(one, parts) for one in plan[1]]
        parts.append(flows(*(f"{a} > {b}" for (_, a), (b, _) in pairwise(ends))))
        return ends[0][0], ends[-1][1]
    name = plan[1]
    if kind == "do":
        parts.append(user(name))
        return name, _guard(name, plan[2], parts)
    if kind == "wait":
        parts.append(node("intermediateCatchEvent", name, timer("timeDuration", "PT3H")))
        return name, name
    if kind == "inside":
        inner: list[str] = [start(f"{name}s"), end(f"{name}e")]
        first, last = _build(plan[2], inner)
        inner.append(flows(f"{name}s > {first}", f"{last} > {name}e"))
        parts.append(node("subProcess", name, *inner))
        return name, name
    if kind == "again":
        first, last = _build(plan[2], parts)
        parts.append(node("exclusiveGateway", name))
        parts.append(node("exclusiveGateway", f"{name}x", default=f"{name}x__{name}o"))
        parts += [user(f"{name}t"), node("task", f"{name}o")]
        back = f'{last} > {name}t > {name}x > [=decision = "return"] {name}'
        parts.append(flows(f"{name} > {first}", back, f"{name}x > {name}o"))
        return name, f"{name}o"
    gateway = "exclusiveGateway" if kind == "one" else "parallelGateway"
    default = {"default": f"{name}__{name}d"} if kind == "one" else {}
    parts += [node(gateway, name, **default), node(gateway, f"{name}j")]
    if kind == "one":
        parts += [node("task", f"{name}d"), flows(f"{name} > {name}d > {name}j")]
    for index, one in enumerate(plan[2]):
        first, last = _build(one, parts)
        condition = f'[=decision = "way{index}"] ' if kind == "one" else ""
        parts.append(flows(f"{name} > {condition}{first}", f"{last} > {name}j"))
    return name, f"{name}j"


def _guard(name: str, kind: str, parts: list[str]) -> str:
    """Attach an event; the last element of the block is then where its way comes back."""
    if kind == "late":
        parts += [
            boundary(f"{name}late", name, timer("timeCycle", "R2/PT5H"), interrupts=False),
            user(f"{name}told"),
            end(f"{name}known"),
            flows(f"{name}late > {name}told > {name}known"),
        ]
    if kind != "stop":
        return name
    parts += [
        boundary(f"{name}stop", name, message("stop")),
        node("exclusiveGateway", f"{name}m"),
        flows(f"{name} > {name}m", f"{name}stop > {name}m"),
    ]
    return f"{name}m"
