"""Which names an expression reads."""

from dataclasses import dataclass

from bpmn.feel import tree
from bpmn.feel.tree import Node


@dataclass(frozen=True)
class Reads:
    """`sure` are read from the context; `perhaps`, in a filter, may be an item's own entries."""

    sure: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()

    def __or__(self, other: "Reads") -> "Reads":
        return Reads(self.sure | other.sure, self.perhaps | other.perhaps)

    def without(self, *names: str) -> "Reads":
        return Reads(self.sure - {*names}, self.perhaps - {*names})

    @property
    def all(self) -> frozenset[str]:
        return self.sure | self.perhaps


def reads(node: Node, functions: frozenset[str]) -> Reads:
    """The free names of a tree. `functions`: names that mean the library's when called."""
    match node:
        case tree.Name(name):
            return Reads(frozenset({name}))
        case tree.Call(tree.Name(name), arguments) if name in functions:
            return _all(arguments, functions)
        case tree.Filter(base, condition):
            inner = reads(condition, functions).without("item")
            return reads(base, functions) | Reads(frozenset(), inner.all)
        case tree.For(iterators, body):
            return _iteration(iterators, reads(body, functions).without("partial"), functions)
        case tree.Quantified(_, iterators, body):
            return _iteration(iterators, reads(body, functions), functions)
        case tree.FunctionOf(parameters, body):
            return reads(body, functions).without(*(name for name, _ in parameters))
        case tree.In(operand, tests):
            return reads(operand, functions) | _all(tests, functions).without("?")
        case tree.Tests(tests):
            return _all(tests, functions) | Reads(frozenset({"?"}))
        case tree.ContextOf(entries):
            return _context(entries, functions)
    return _all(tuple(node.children()), functions)


def _all(nodes: tuple[Node, ...], functions: frozenset[str]) -> Reads:
    found = Reads()
    for node in nodes:
        found |= reads(node, functions)
    return found


def _iteration(
    iterators: tuple[tuple[str, Node], ...], inner: Reads, functions: frozenset[str]
) -> Reads:
    """Each domain sees the variables before it."""
    for name, domain in reversed(iterators):
        inner = inner.without(name) | reads(domain, functions)
    return inner


def _context(entries: tuple[tuple[str, Node], ...], functions: frozenset[str]) -> Reads:
    """Each entry sees the entries before it, and a function also itself."""
    found, before = Reads(), set[str]()
    for name, node in entries:
        if isinstance(node, tree.FunctionOf):
            before.add(name)
        found |= reads(node, functions).without(*before)
        before.add(name)
    return found
