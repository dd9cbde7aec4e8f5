"""Evaluating decisions: those required first, then the table's rules, then its hit policy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from bpmn import feel
from bpmn.dmn.model import AGGREGATIONS, Column, Decision, Model, Problem, Rule, Table
from bpmn.feel import Expression, Value


@dataclass
class Seen:
    """How a table came to its value: what its inputs were, and which rules matched."""

    inputs: list[tuple[str, Value]] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)


@dataclass
class Evaluation:
    """done: the values of decisions by id; seen: how those that are tables came to them."""

    model: Model
    inputs: Mapping[str, Any]
    now: datetime | None
    problems: list[Problem]
    done: dict[str, Value] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)

    def value(self, decision: Decision) -> Value:
        """Each decision is evaluated once."""
        if decision.id not in self.done:
            context = dict(self.inputs)
            for id_ in decision.requires:
                required = self.model.find(id_)
                context[required.name] = self.value(required)
            self.done[decision.id] = self._logic(decision, context)
        return self.done[decision.id]

    def _logic(self, decision: Decision, context: Mapping[str, Any]) -> Value:
        logic = decision.logic
        if isinstance(logic, Table):
            seen = self.seen.setdefault(decision.id, Seen())
            return _TableRun(self, decision.name, logic, context, seen).value()
        return self.run(logic, context, decision.name) if logic else None

    def run(
        self, expression: Expression, context: Mapping[str, Any], name: str, rule: int | None = None
    ) -> Value:
        found: list[feel.Problem] = []
        value = expression.evaluate(context, now=self.now, problems=found)
        self.problems += [Problem(name, rule, problem.zh, problem.en) for problem in found]
        return value


@dataclass
class _TableRun:
    evaluation: Evaluation
    name: str
    table: Table
    context: Mapping[str, Any]
    seen: Seen

    def value(self) -> Value:
        tested = [self._input(column) for column in self.table.inputs]
        self.seen.inputs = [
            (column.name, value)
            for column, (value, _) in zip(self.table.inputs, tested, strict=True)
        ]
        if False in [is_allowed for _, is_allowed in tested]:
            return None
        hits = self._hits([value for value, _ in tested])
        first_only = self.table.policy == "FIRST"
        results = [self._result(rule) for rule in islice(hits, 1 if first_only else None)]
        if not results and (default := self._default()) is not None:
            return default
        return self._hit(results)

    def _input(self, column: Column) -> tuple[Value, bool]:
        """An input's value, and whether it is one of those allowed."""
        value = self._run(column.expression)
        if column.allowed is None or self._run(column.allowed, tested=value) is True:
            return value, True
        self._fail(
            f"输入“{column.name}”不在允许的值之内", f'the input "{column.name}" is not allowed'
        )
        return value, False

    def _hits(self, values: list[Value]) -> Iterator[Rule]:
        contexts = [{**self.context, "?": value} for value in values]
        return (rule for rule in self.table.rules if self._matches(rule, contexts))

    def _matches(self, rule: Rule, contexts: list[dict[str, Any]]) -> bool:
        return all(
            test is None or self.evaluation.run(test, context, self.name, rule.number) is True
            for test, context in zip(rule.tests, contexts, strict=True)
        )

    def _result(self, rule: Rule) -> Value:
        self.seen.rules.append(rule.number)
        pairs = zip(self.table.outputs, rule.outputs, strict=True)
        return self._combined([self._output(column, cell, rule) for column, cell in pairs])

    def _output(self, column: Column, cell: Expression, rule: Rule) -> Value:
        value = self._run(cell, rule.number)
        if column.allowed is None or self._run(column.allowed, tested=value) is True:
            return value
        zh, en = (
            f"输出“{column.name}”不在允许的值之内",
            f'the output "{column.name}" is not allowed',
        )
        return self._fail(zh, en, rule.number)

    def _default(self) -> Value:
        outputs = self.table.outputs
        if all(column.expression is None for column in outputs):
            return None
        return self._combined([self._run(column.expression) for column in outputs])

    def _combined(self, values: list[Value]) -> Value:
        """One output is its value, several are a context."""
        names = [column.name for column in self.table.outputs]
        return values[0] if len(names) == 1 else dict(zip(names, values, strict=True))

    def _hit(self, results: list[Value]) -> Value:
        """What the hit policy makes of the results of the rules that match."""
        policy = self.table.policy
        if policy in ("COLLECT", "RULE ORDER"):
            return self._aggregated(results)
        if policy in ("PRIORITY", "OUTPUT ORDER"):
            results = sorted(results, key=self._rank)
            return results if policy == "OUTPUT ORDER" else next(iter(results), None)
        if policy == "UNIQUE" and len(results) > 1:
            return self._fail("有多条规则同时命中", "more than one rule matches")
        if policy == "ANY" and self._apply("count(distinct values(results)) > 1", results):
            return self._fail("命中的规则结果不一致", "the matching rules differ in their results")
        return next(iter(results), None)

    def _aggregated(self, results: list[Value]) -> Value:
        if not self.table.aggregation:
            return results
        return self._apply(f"{AGGREGATIONS[self.table.aggregation]}(results)", results)

    def _apply(self, text: str, results: list[Value]) -> Value:
        return self.evaluation.run(feel.parse(text), {"results": results}, self.name)

    def _rank(self, result: Value) -> tuple[int, ...]:
        """Outputs rank by their place among the allowed values, from the first column on."""
        columns = self.table.outputs
        values = [result] if len(columns) == 1 else [result[column.name] for column in columns]
        return tuple(
            column.ranking.index(value) if value in column.ranking else len(column.ranking)
            for column, value in zip(columns, values, strict=True)
        )

    def _run(
        self, expression: Expression | None, rule: int | None = None, tested: Value = None
    ) -> Value:
        if expression is None:
            return None
        context = {**self.context, "?": tested}
        return self.evaluation.run(expression, context, self.name, rule)

    def _fail(self, zh: str, en: str, rule: int | None = None) -> Value:
        self.evaluation.problems.append(Problem(self.name, rule, zh, en))
        return None
