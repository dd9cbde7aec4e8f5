"""List functions (10.3.4.4), the sort of 10.3.4.7 included."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cmp_to_key, reduce

from bpmn.feel.functions.signature import builtin
from bpmn.feel.run import Failure, Run
from bpmn.feel.values import NUMBERS, Function, Range, Value, are_ordered, equal


@builtin("list contains(list: list, element: any)")
def list_contains(run: Run, items: list[Value], element: Value) -> bool:
    return bool(_places(run, items, element))


@builtin("count(list: list)")
def count(items: list[Value]) -> Decimal:
    return Decimal(len(items))


@builtin("min(list...: list)")
def minimum(items: list[Value]) -> Value:
    return min(_ordered(items), default=None)


@builtin("max(list...: list)")
def maximum(items: list[Value]) -> Value:
    return max(_ordered(items), default=None)


def _ordered(items: list[Value]) -> list[Value]:
    if not are_ordered(items):
        raise Failure("列表中的值无法互相比较", "the values of the list cannot be compared")
    return items


@builtin("sum(list...: list)")
def total(items: list[Value]) -> Value:
    return _sum(_numbers(items)) if items else None


@builtin("product(list...: list)")
def product(items: list[Value]) -> Value:
    return reduce(NUMBERS.multiply, _numbers(items)) if items else None


@builtin("mean(list...: list)")
def mean(items: list[Value]) -> Value:
    return NUMBERS.divide(_sum(_numbers(items)), Decimal(len(items))) if items else None


@builtin("median(list...: list)")
def median(items: list[Value]) -> Value:
    if not items:
        return None
    ordered, middle = sorted(_numbers(items)), len(items) // 2
    return ordered[middle] if len(items) % 2 else mean(ordered[middle - 1 : middle + 1])


@builtin("stddev(list...: list)")
def stddev(items: list[Value]) -> Value:
    """Of a sample, so of two numbers at least."""
    if len(_numbers(items)) < 2:
        return None
    centre = mean(items)
    squares = [NUMBERS.power(NUMBERS.subtract(item, centre), Decimal(2)) for item in items]
    return NUMBERS.sqrt(NUMBERS.divide(_sum(squares), Decimal(len(items) - 1)))


@builtin("mode(list...: list)")
def mode(items: list[Value]) -> list[Value]:
    """The most frequent numbers, ascending."""
    counts: dict[Decimal, int] = {}
    for item in _numbers(items):
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, number in counts.items() if number == most)


def _numbers(items: list[Value]) -> list[Decimal]:
    if any(type(item) is not Decimal for item in items):
        raise Failure("列表中有非数字的值", "the list holds something else than numbers")
    return items


def _sum(items: Iterable[Decimal]) -> Decimal:
    return reduce(NUMBERS.add, items)


@builtin("all(list...: list)")
def every(items: list[Value]) -> bool | None:
    return _decided(items, by=False)


@builtin("any(list...: list)")
def some(items: list[Value]) -> bool | None:
    return _decided(items, by=True)


def _decided(items: list[Value], *, by: bool) -> bool | None:
    """One item may decide alone, else all must be known."""
    if any(item is by for item in items):
        return by
    return None if any(type(item) is not bool for item in items) else not by


@builtin("sublist(list: list, start position: number, length?: number)")
def sublist(items: list[Value], start: Decimal, length: Decimal | None = None) -> list[Value]:
    first = _index(items, start)
    rest = items[first:]
    if length is None:
        return rest
    if not 0 <= length <= len(rest):
        raise Failure("长度超出列表", "the length reaches beyond the list")
    return rest[: int(length)]


@builtin("append(list: list, item...: any)")
def append(items: list[Value], new: list[Value]) -> list[Value]:
    return [*items, *new]


@builtin("concatenate(list...: any)")
def concatenate(lists: list[Value]) -> list[Value]:
    return [item for items in lists for item in _listed(items)]


@builtin("union(list...: any)")
def union(run: Run, lists: list[Value]) -> list[Value]:
    return distinct_values(run, concatenate(lists))


def _listed(value: Value) -> list[Value]:
    return value if type(value) is list else [value]


@builtin("insert before(list: list, position: number, newItem: any)")
def insert_before(items: list[Value], position: Decimal, new: Value) -> list[Value]:
    at = _index(items, position)
    return [*items[:at], new, *items[at:]]


@builtin("remove(list: list, position: number)")
def remove(items: list[Value], position: Decimal) -> list[Value]:
    at = _index(items, position)
    return items[:at] + items[at + 1 :]


@builtin("list replace(list: list, position: number, newItem: any)")
def replace_at(items: list[Value], position: Decimal, new: Value) -> list[Value]:
    at = _index(items, position)
    return [*items[:at], new, *items[at + 1 :]]


@builtin("list replace(list: list, match: function, newItem: any)")
def replace_where(run: Run, items: list[Value], match: Function, new: Value) -> list[Value]:
    return [new if match.call(run, [item, new], ()) is True else item for item in items]


def _index(items: list[Value], position: Decimal) -> int:
    """From 0, of a position from 1 or, if negative, from the end. Raises Failure."""
    if position != position.to_integral_value() or not 1 <= abs(position) <= len(items):
        raise Failure("位置超出列表", "the position lies outside of the list")
    return int(position) - 1 if position > 0 else len(items) + int(position)


@builtin("reverse(list: list)")
def reverse(items: list[Value]) -> list[Value]:
    return items[::-1]


@builtin("index of(list: list, match: any)")
def index_of(run: Run, items: list[Value], match: Value) -> list[Decimal]:
    return [Decimal(place) for place in _places(run, items, match)]


def _places(run: Run, items: list[Value], match: Value) -> list[int]:
    found = []
    for place, item in enumerate(items, 1):
        run.step()
        if equal(item, match, run) is True:
            found.append(place)
    return found


@builtin("distinct values(list: list)")
def distinct_values(run: Run, items: list[Value]) -> list[Value]:
    """Each value once, where it comes first."""
    seen: set[Value] = set()
    kept: list[Value] = []
    compound: list[Value] = []
    for item in items:
        run.step()
        if isinstance(item, list | dict | Range):
            if not _places(run, compound, item):
                compound.append(item)
                kept.append(item)
        elif (type(item), item) not in seen:
            seen.add((type(item), item))
            kept.append(item)
    return kept


@builtin("flatten(list: list)")
def flatten(run: Run, items: list[Value]) -> list[Value]:
    flat: list[Value] = []
    for item in items:
        run.step()
        flat += flatten(run, item) if type(item) is list else [item]
    return flat


@builtin("sort(list: list)")
def sort(items: list[Value]) -> list[Value]:
    return sorted(_ordered(items))


@builtin("sort(list: list, precedes: function)")
def sort_by(run: Run, items: list[Value], precedes: Function) -> list[Value]:
    return sorted(items, key=cmp_to_key(_order(run, precedes)))


def _order(run: Run, precedes: Function) -> Callable[[Value, Value], int]:
    def compare(a: Value, b: Value) -> int:
        if precedes.call(run, [a, b], ()) is True:
            return -1
        return 1 if precedes.call(run, [b, a], ()) is True else 0

    return compare
