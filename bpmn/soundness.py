"""Whether tokens that stand somewhere in a diagram can all come to an end, whatever is decided.

Plays the flow of one level, the process or the inside of a sub-process, without its data: each
choice goes either way. A token is the id of its element; one that came to a join and waits there
for others is (join, element it came from). Boundary events that do not interrupt add tokens of
their own and are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from bpmn.diagram import Diagram, Node

Token = str | tuple[str, str]
Marking = tuple[Token, ...]  # sorted

MOST_MARKINGS = 4_000  # more is a diagram nobody can follow
_JOINS = frozenset({"parallelGateway", "inclusiveGateway"})


def always_ends(diagram: Diagram, tokens: Iterable[Token]) -> bool | None:
    """Whether an end can be reached from everywhere these tokens may come to.

    None where that is too much to find out.
    """
    first = _marking(tokens)
    after: dict[Marking, set[Marking]] = {}
    waiting = [first]
    while waiting:
        here = waiting.pop()
        if here in after:
            continue
        if len(after) == MOST_MARKINGS:
            return None
        after[here] = set(_steps(diagram, here))
        waiting.extend(after[here])
    return _reach((), after) == after.keys()


def is_join(diagram: Diagram, node_id: str) -> bool:
    """Whether tokens wait here for others."""
    node = diagram.nodes[node_id]
    return node.kind in _JOINS and len(diagram.incoming.get(node_id, ())) > 1


def _reach(goal: Marking, after: dict[Marking, set[Marking]]) -> set[Marking]:
    """The markings from which the goal can be reached."""
    before: dict[Marking, list[Marking]] = {}
    for here, nexts in after.items():
        for one in nexts:
            before.setdefault(one, []).append(here)
    found, waiting = {goal}, [goal]
    while waiting:
        new = [one for one in before.get(waiting.pop(), ()) if one not in found]
        found.update(new)
        waiting.extend(new)
    return found


def _steps(diagram: Diagram, marking: Marking) -> Iterator[Marking]:
    """What may come next. Tokens do not hinder each other until they meet at a join, so one of
    them is moved at a time, and joins when all others have come as far as they can."""
    moving = next((one for one in marking if isinstance(one, str)), None)
    if moving is None:
        for join in dict.fromkeys(one[0] for one in marking):
            yield from _join(diagram, join, marking)
        return
    rest = list(marking)
    rest.remove(moving)
    node = diagram.nodes[moving]
    if any(one.kind == "terminate" for one in node.triggers):
        yield ()
        return
    for flows in _ways(diagram, node):
        yield _marking([*rest, *flows])
    for boundary in diagram.boundaries.get(moving, ()):
        if boundary.is_interrupting:
            yield _marking([*rest, *_onward(diagram, boundary.id)])


def _ways(diagram: Diagram, node: Node) -> Iterator[list[Token]]:
    """Where the tokens stand once this one has left, for each choice it has."""
    onward = _onward(diagram, node.id)
    if node.kind in ("exclusiveGateway", "eventBasedGateway"):
        yield from ([one] for one in onward)
    elif node.kind == "inclusiveGateway":
        for number in range(1, len(onward) + 1):
            yield from (list(some) for some in combinations(onward, number))
    else:
        yield onward


def _onward(diagram: Diagram, node_id: str) -> list[Token]:
    targets = [flow.target for flow in diagram.outgoing.get(node_id, ())]
    return [(one, node_id) if is_join(diagram, one) else one for one in targets]


def _join(diagram: Diagram, join: str, marking: Marking) -> Iterator[Marking]:
    """What follows if the join has all it waits for."""
    come = {one for one in marking if isinstance(one, tuple) and one[0] == join}
    rest = list(marking)
    for one in come:
        rest.remove(one)
    node = diagram.nodes[join]
    if node.kind == "parallelGateway":
        is_complete = len(come) == len({one.source for one in diagram.incoming[join]})
    else:
        is_complete = not any(_leads_to(diagram, _place(one), join) for one in rest)
    if is_complete:
        yield from (_marking([*rest, *flows]) for flows in _ways(diagram, node))


def _leads_to(diagram: Diagram, start: str, goal: str) -> bool:
    found, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        sources = [here, *(one.id for one in diagram.boundaries.get(here, ()))]
        onward = [flow.target for one in sources for flow in diagram.outgoing.get(one, ())]
        waiting += [one for one in onward if one not in found]
        found.update(onward)
    return False


def _place(token: Token) -> str:
    return token[0] if isinstance(token, tuple) else token


def _marking(tokens: Iterable[Token]) -> Marking:
    return tuple(sorted(tokens, key=repr))
