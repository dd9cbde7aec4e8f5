"""From DMN's XML to a model, with everything that is wrong in it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from bpmn import feel
from bpmn.dmn.model import (
    AGGREGATIONS,
    POLICIES,
    Column,
    Decision,
    DmnError,
    Model,
    Problem,
    Rule,
    Table,
)
from bpmn.feel import Expression, FeelError, Value
from bpmn.limits import LIMITS

MAX_BYTES = LIMITS.decision_bytes


@lru_cache(maxsize=128)
def load(xml: str) -> Model:
    """The decisions of a file, compiled. Raises DmnError if it is no DMN at all."""
    root = _parse_xml(xml)
    names = frozenset(
        element.get("name", "")
        for tag in ("inputData", "decision", "variable")
        for element in root.iter(f"{{*}}{tag}")
    )
    problems: list[Problem] = []
    decisions = tuple(
        Reader(element, names, problems).decision() for element in root.iterfind("{*}decision")
    )
    if not decisions:
        raise DmnError("文件中没有决策", "the file holds no decision")
    problems += _wrong_requirements(decisions)
    return Model(decisions, tuple(problems), _types(root))


def _types(root: etree._Element) -> dict[str, str]:
    variables = ((data, data.find("{*}variable")) for data in root.iterfind("{*}inputData"))
    return {
        data.get("name", ""): variable.get("typeRef", "")
        for data, variable in variables
        if variable is not None
    }


def ids(xml: str) -> tuple[str, ...]:
    """The ids of the decisions in a file, not yet compiled. Raises DmnError if there are none."""
    found = tuple(element.get("id", "") for element in _parse_xml(xml).iterfind("{*}decision"))
    if not found:
        raise DmnError("文件中没有决策", "the file holds no decision")
    return found


def _parse_xml(xml: str) -> etree._Element:
    """Without entities, document types or network. Raises DmnError."""
    content = xml.encode("utf-8", "replace")
    if len(content) > MAX_BYTES:
        raise DmnError("文件过大", "the file is too large")
    # A document type is the only door for entities, so none is let in.
    if "<!DOCTYPE" in xml:
        raise DmnError("不允许文档类型声明", "a document type is not allowed")
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise DmnError("不是有效的 XML", "this is not well-formed XML") from error
    if etree.QName(root).localname != "definitions" or "DMN" not in str(
        etree.QName(root).namespace
    ):
        raise DmnError("不是 DMN 文件", "this is not a DMN file")
    return root


def _wrong_requirements(decisions: tuple[Decision, ...]) -> Iterator[Problem]:
    """Names that are not unique, decisions that are missing or that require themselves."""
    by_id = {decision.id: decision for decision in decisions}
    names = [name for decision in decisions for name in {decision.id, decision.name}]
    for decision in decisions:
        if names.count(decision.name) > 1:
            yield Problem(decision.name, None, "决策名称重复", "the name is not unique")
        if missing := [id_ for id_ in decision.requires if id_ not in by_id]:
            zh, en = f"所需的决策 {missing[0]} 不存在", f"requires {missing[0]}, which is missing"
            yield Problem(decision.name, None, zh, en)
        if decision.id in _required(decision, by_id):
            yield Problem(decision.name, None, "决策依赖自身", "the decision requires itself")


def _required(decision: Decision, by_id: Mapping[str, Decision]) -> set[str]:
    """All that a decision requires, directly or not."""
    found: set[str] = set()
    ahead = list(decision.requires)
    while ahead:
        id_ = ahead.pop()
        if id_ not in found and id_ in by_id:
            ahead += by_id[id_].requires
        found.add(id_)
    return found


@dataclass
class Reader:
    """Reads one decision and notes all that is wrong with it."""

    element: etree._Element
    names: frozenset[str]
    problems: list[Problem]

    @property
    def name(self) -> str:
        return self.element.get("name") or self.element.get("id") or ""

    def decision(self) -> Decision:
        requires = [
            required.get("href", "").rpartition("#")[2]
            for required in self.element.iterfind("{*}informationRequirement/{*}requiredDecision")
        ]
        return Decision(self.element.get("id", self.name), self.name, tuple(requires), self.logic())

    def logic(self) -> Table | Expression | None:
        if (table := self.element.find("{*}decisionTable")) is not None:
            return self.table(table)
        if (literal := self.element.find("{*}literalExpression")) is not None:
            return self.expression(literal)
        self.refuse("仅支持决策表与文字表达式", "only tables and literal expressions are supported")
        return None

    def table(self, table: etree._Element) -> Table:
        policy = table.get("hitPolicy", "UNIQUE")
        aggregation = table.get("aggregation", "")
        outputs = [self.output(column) for column in table.iterfind("{*}output")]
        if policy not in POLICIES:
            self.refuse(f"未知的命中策略 {policy}", f"unknown hit policy {policy}")
        if aggregation and (aggregation not in AGGREGATIONS or len(outputs) != 1):
            self.refuse("聚合方式不适用", "the aggregation cannot be used here")
        if not outputs:
            self.refuse("决策表没有输出", "the table has no output")
        inputs = tuple(self.input(column) for column in table.iterfind("{*}input"))
        rules = [
            self.rule(rule, number, len(inputs), len(outputs))
            for number, rule in enumerate(table.iterfind("{*}rule"), 1)
        ]
        return Table(policy, aggregation, inputs, tuple(outputs), tuple(rules))

    def input(self, column: etree._Element) -> Column:
        written = column.find("{*}inputExpression")
        allowed = self.tests(column.find("{*}inputValues"))
        return Column(
            column.get("label") or _text(column),
            self.expression(written),
            allowed,
            type="" if written is None else written.get("typeRef", ""),
        )

    def output(self, column: etree._Element) -> Column:
        values = column.find("{*}outputValues")
        default = column.find("{*}defaultOutputEntry")
        return Column(
            column.get("name") or column.get("label") or self.name,
            self.expression(default) if default is not None else None,
            self.tests(values),
            self.ranking(values),
        )

    def ranking(self, values: etree._Element | None) -> tuple[Value, ...]:
        """The allowed values of an output in their order, where they are plain values."""
        if not _text(values):
            return ()
        listed = self.read(feel.parse, f"[{_text(values)}]", None)
        return tuple(listed.evaluate()) if listed else ()

    def rule(self, rule: etree._Element, number: int, inputs: int, outputs: int) -> Rule:
        tests = rule.findall("{*}inputEntry")
        results = rule.findall("{*}outputEntry")
        if (len(tests), len(results)) != (inputs, outputs):
            self.refuse("单元格数与列数不符", "the cells do not fit the columns", number)
        return Rule(
            number,
            tuple(self.tests(cell, number) for cell in tests),
            tuple(filter(None, (self.expression(cell, number) for cell in results))),
        )

    def tests(self, cell: etree._Element | None, rule: int | None = None) -> Expression | None:
        """None if every value passes."""
        if _text(cell) in ("", "-"):
            return None
        return self.read(feel.parse_unary_tests, _text(cell), rule)

    def expression(self, cell: etree._Element | None, rule: int | None = None) -> Expression | None:
        """An empty output is null; an empty input is refused."""
        if rule is None and not _text(cell):
            self.refuse("表达式为空", "an expression is empty")
            return None
        language = cell.get("expressionLanguage", "feel") if cell is not None else "feel"
        if "feel" not in language.lower():
            self.refuse(f"不支持语言 {language}", f"the language {language} is not supported", rule)
            return None
        return self.read(feel.parse, _text(cell) or "null", rule)

    def read(
        self, parse: Callable[..., Expression], text: str, rule: int | None
    ) -> Expression | None:
        try:
            return parse(text, self.names)
        except FeelError as error:
            self.refuse(f"“{text[:60]}”：{error.zh}", f'"{text[:60]}": {error.en}', rule)
            return None

    def refuse(self, zh: str, en: str, rule: int | None = None) -> None:
        self.problems.append(Problem(self.name, rule, zh, en))


def _text(element: etree._Element | None) -> str:
    """The text of a cell or of an expression."""
    return "" if element is None else (element.findtext(".//{*}text") or "").strip()
