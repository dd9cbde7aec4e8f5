"""How a function of the library is declared, chosen by its arguments, and called.

    @builtin("substring(string: string, start position: number, length?: number)")
    def substring(string: str, start: Decimal, length: Decimal | None = None) -> Value: ...

The declaration reads as the standard prints it. `?` marks what may be left out, `|` a choice of
types; `any` takes null too. `...` gathers all further arguments in a list: `any` always, `list`
unless the only one is a list already. Functions of one name are tried in the order they are
declared. One that needs the clock or the limits takes `run` first.
"""

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bpmn.feel.run import Failure, Run
from bpmn.feel.values import KINDS_ZH, Function, Value, kind, kind_zh

BUILTINS: dict[str, "Builtin"] = {}

F = TypeVar("F", bound=Callable[..., Value])

_SIGNATURE = re.compile(r"([\w ]+)\((.*)\)")


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kinds: tuple[str, ...]
    is_optional: bool
    is_variadic: bool

    def take(self, value: Value) -> Value:
        """The value as this parameter wants it. Raises Failure."""
        if kind(value) in self.kinds or "any" in self.kinds:
            return value
        if "list" in self.kinds and value is not None:
            return [value]
        if type(value) is list and len(value) == 1 and kind(value[0]) in self.kinds:
            return value[0]
        raise Failure(
            f"参数“{self.name}”应为{'或'.join(KINDS_ZH[name] for name in self.kinds)}，"
            f"而不是{kind_zh(value)}",
            f'the argument "{self.name}" is {kind(value)}, not {" or ".join(self.kinds)}',
        )


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    python: Callable[..., Value]
    takes_run: bool

    def bind(self, arguments: list[Value], names: Sequence[str]) -> list[Value]:
        """The arguments in order, checked; those left out are missing. Raises Failure."""
        if names:
            arguments = self._ordered(dict(zip(names, arguments, strict=True)))
        elif self.parameters and self.parameters[-1].is_variadic:
            arguments = self._gathered(arguments)
        required = sum(not parameter.is_optional for parameter in self.parameters)
        if not required <= len(arguments) <= len(self.parameters):
            raise Failure("参数个数不符", "wrong number of arguments")
        pairs = zip(self.parameters, arguments, strict=False)
        return [parameter.take(value) for parameter, value in pairs]

    def _ordered(self, given: dict[str, Value]) -> list[Value]:
        known = [parameter.name for parameter in self.parameters]
        if unknown := given.keys() - {*known}:
            name = min(unknown)
            raise Failure(f"没有参数“{name}”", f'there is no parameter "{name}"')
        while known and known[-1] not in given:
            known.pop()
        return [given.get(name) for name in known]

    def _gathered(self, arguments: list[Value]) -> list[Value]:
        fixed = len(self.parameters) - 1
        rest = arguments[fixed:]
        if self.parameters[-1].kinds == ("list",) and len(rest) == 1 and type(rest[0]) is list:
            return arguments
        return [*arguments[:fixed], rest] if rest else arguments


@dataclass(eq=False)
class Builtin(Function):
    """A function of the library, under one name."""

    name: str
    overloads: list[Overload] = field(default_factory=list)

    def call(self, run: Run, arguments: list[Value], names: Sequence[str]) -> Value:
        run.pay(arguments)
        overload, bound = self._choose(arguments, names)
        try:
            result = overload.python(*([run] if overload.takes_run else []), *bound)
        except (ArithmeticError, ValueError) as error:
            raise Failure(f"{self.name} 没有结果", f"{self.name} has no result") from error
        if type(result) is str:
            return run.text(result)
        return run.items(result) if type(result) is list else result

    def _choose(self, arguments: list[Value], names: Sequence[str]) -> tuple[Overload, list[Value]]:
        failure = Failure("没有这种参数", "no such arguments")
        for overload in self.overloads:
            try:
                return overload, overload.bind(arguments, names)
            except Failure as refused:
                failure = refused
        raise failure


def builtin(declaration: str) -> Callable[[F], F]:
    """Add a Python function to the library as the declaration says."""
    match = _SIGNATURE.fullmatch(declaration)
    if match is None:
        raise SyntaxError(declaration)
    name, inner = match.groups()
    parameters = tuple(_parameter(part) for part in inner.split(", ") if part)

    def add(python: F) -> F:
        takes_run = next(iter(inspect.signature(python).parameters), "") == "run"
        overload = Overload(parameters, python, takes_run)
        BUILTINS.setdefault(name, Builtin(name)).overloads.append(overload)
        return python

    return add


def _parameter(text: str) -> Parameter:
    name, kinds = text.split(": ")
    return Parameter(
        name.rstrip("?.").strip(),
        tuple(kinds.split(" | ")),
        name.endswith("?"),
        name.endswith("..."),
    )
