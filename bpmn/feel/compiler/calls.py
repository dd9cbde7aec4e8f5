"""Functions that an expression makes, and calls of them and of the library."""

from collections.abc import Sequence
from dataclasses import dataclass

from bpmn.feel import tree
from bpmn.feel.compiler.base import Code, Scope, compiled
from bpmn.feel.functions import BUILTINS
from bpmn.feel.instance import fits
from bpmn.feel.run import Failure, Run
from bpmn.feel.tree import Node
from bpmn.feel.values import Function, Value


@dataclass(frozen=True, eq=False)
class Lambda(Function):
    """A function written in the expression itself."""

    node: tree.FunctionOf
    body: Code
    scope: Scope
    name: str = "function"

    def call(self, run: Run, arguments: list[Value], names: Sequence[str]) -> Value:
        wanted = [name for name, _ in self.node.parameters]
        given = dict(zip(names or wanted, arguments, strict=False))
        if len(arguments) != len(wanted) or given.keys() != {*wanted}:
            raise Failure("参数个数或名称不符", "the arguments do not fit the parameters")
        for name, type_ in self.node.parameters:
            if not fits(given[name], type_):
                raise Failure(f"参数“{name}”类型不符", f'the argument "{name}" has a wrong type')
        run.step()
        run.enter()
        result = self.body({**self.scope, **given}, run)
        run.leave()
        return result


@compiled.register
def _(node: tree.FunctionOf) -> Code:
    body = compiled(node.body)
    return lambda scope, run: Lambda(node, body, scope)


@compiled.register
def _(node: tree.Call) -> Code:
    called, names = _called(node.function), node.names
    codes = [compiled(argument) for argument in node.arguments]

    def call(scope: Scope, run: Run) -> Value:
        function = called(scope, run)
        if not isinstance(function, Function):
            return run.fail(node.function, "这不是函数", "this is not a function")
        try:
            return function.call(run, [code(scope, run) for code in codes], names)
        except Failure as failure:
            return run.fail(node, failure.zh, failure.en)

    return call


def _called(node: Node) -> Code:
    """A value that is no function does not hide the library's function of the same name."""
    value = compiled(node)
    builtin = BUILTINS.get(node.name) if isinstance(node, tree.Name) else None
    if builtin is None:
        return value
    name = builtin.name

    def find(scope: Scope, run: Run) -> Value:
        found = scope.get(name)
        return found if isinstance(found, Function) else builtin

    return find
