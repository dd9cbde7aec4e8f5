"""Decision tables (issue 2, Decisions): hit policies, required decisions, refusals."""

from decimal import Decimal

import pytest

from bpmn import dmn

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(*decisions):
    inner = "".join(decisions)
    return (
        f'<definitions xmlns="{NAMESPACE}" id="d" name="d" namespace="urn:d">{inner}</definitions>'
    )


def cell(tag, text):
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return f"<{tag}><text>{escaped}</text></{tag}>"


def table(policy, inputs, rules, *, outputs=("result",), extra="", values="", default=""):
    """One decision named 分诊; a rule is its tests, then its results."""
    columns = "".join(f"<input>{cell('inputExpression', text)}</input>" for text in inputs)
    columns += "".join(f'<output name="{name}">{values}{default}</output>' for name in outputs)
    rows = ""
    for rule in rules:
        tests = "".join(cell("inputEntry", text) for text in rule[: len(inputs)])
        results = "".join(cell("outputEntry", text) for text in rule[len(inputs) :])
        rows += f"<rule>{tests}{results}</rule>"
    return (
        f'<decision id="triage" name="分诊">{extra}'
        f'<decisionTable hitPolicy="{policy}">{columns}{rows}</decisionTable></decision>'
    )


AGES = [("< 18", '"儿科"'), ("[18..60)", '"普通"'), (">= 60", '"老年"'), ("> 90", '"高龄"')]


@pytest.mark.parametrize(
    ("policy", "age", "value"),
    [
        ("UNIQUE", 30, "普通"),
        ("UNIQUE", 95, None),
        ("FIRST", 95, "老年"),
        ("ANY", 95, None),
        ("ANY", 17, "儿科"),
        ("COLLECT", 95, ["老年", "高龄"]),
        ("RULE ORDER", 95, ["老年", "高龄"]),
        ("UNIQUE", None, None),
        ("COLLECT", None, []),
    ],
)
def test_the_hit_policy_decides_between_rules(policy, age, value):
    xml = definitions(table(policy, ["年龄"], AGES))
    assert dmn.check(xml) == []
    assert dmn.evaluate(xml, "分诊", {"年龄": age}) == value
    assert dmn.evaluate(xml, "triage", {"年龄": age}) == value


@pytest.mark.parametrize(
    ("aggregation", "value"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)]
)
def test_collected_results_are_aggregated(aggregation, value):
    policy = f'COLLECT" aggregation="{aggregation}'
    xml = definitions(table(policy, ["x"], [("> 0", "10"), ("> 1", "20"), ("-", "30")]))
    assert dmn.evaluate(xml, "分诊", {"x": 5}) == value


def test_outputs_rank_by_the_order_of_their_values():
    values = cell("outputValues", '"急", "缓"')
    rules = [("> 0", '"缓"'), ("> 1", '"急"')]
    first = definitions(table("PRIORITY", ["x"], rules, values=values))
    ordered = definitions(table("OUTPUT ORDER", ["x"], rules, values=values))
    assert dmn.evaluate(first, "分诊", {"x": 5}) == "急"
    assert dmn.evaluate(ordered, "分诊", {"x": 5}) == ["急", "缓"]


def test_values_outside_of_those_allowed_are_refused():
    values = cell("outputValues", '"急", "缓"')
    xml = definitions(table("UNIQUE", ["x"], [("1", '"急"'), ("2", '"快"')], values=values))
    problems = []
    assert dmn.evaluate(xml, "分诊", {"x": 1}, problems=problems) == "急"
    assert problems == []
    assert dmn.evaluate(xml, "分诊", {"x": 2}, problems=problems) is None
    assert problems[0].rule == 2


def test_several_outputs_are_a_context_and_cells_may_calculate():
    rules = [("> limit", '"心内科"', "score * 2")]
    xml = definitions(table("UNIQUE", ["score"], rules, outputs=("department", "priority")))
    result = dmn.evaluate(xml, "分诊", {"score": 4, "limit": 3})
    assert result == {"department": "心内科", "priority": 8}


def test_the_default_stands_in_where_no_rule_matches():
    default = cell("defaultOutputEntry", '"普通"')
    xml = definitions(table("UNIQUE", ["x"], [("> 5", '"急"')], default=default))
    assert dmn.evaluate(xml, "分诊", {"x": 1}) == "普通"


def test_a_decision_uses_what_it_requires():
    score = f'<decision id="s" name="风险 分">{cell("literalExpression", "年龄 / 10")}</decision>'
    needs = '<informationRequirement><requiredDecision href="#s"/></informationRequirement>'
    triage = table("UNIQUE", ["风险 分"], [("> 7", "风险 分 + 0.5")], extra=needs)
    assert dmn.evaluate(definitions(triage, score), "分诊", {"年龄": 80}) == Decimal("8.5")


def test_problems_name_the_decision_and_the_rule():
    xml = definitions(table("FIRST", ["x"], [("> 5", "1"), ("-", 'x + "a"')]))
    problems = []
    assert dmn.evaluate(xml, "分诊", {"x": 1}, problems=problems) is None
    assert [(problem.decision, problem.rule) for problem in problems] == [("分诊", 2)]
    assert problems[0].zh
    assert problems[0].en


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        ("", "XML"),
        ("<a>", "XML"),
        ("<a/>", "DMN"),
        (definitions(), "no decision"),
        (f'<!DOCTYPE d [<!ENTITY a "b">]>{definitions()}', "document type"),
        (" " * 1_000_001, "too large"),
        (definitions(table("SOMETIMES", ["x"], AGES)), "hit policy"),
        (definitions(table("UNIQUE", ["x"], [("> > 5", "1")])), "unexpected"),
        (definitions(table("UNIQUE", ["x"], [("1", "2", "3")])), "do not fit"),
        (definitions(table("UNIQUE", [""], [("1", "2")])), "empty"),
        (definitions(table("UNIQUE", ["x"], AGES), table("UNIQUE", ["x"], AGES)), "not unique"),
        (definitions('<decision id="a" name="a"><context/></decision>'), "only tables"),
        (
            definitions(
                table(
                    "UNIQUE",
                    ["x"],
                    AGES,
                    extra='<informationRequirement><requiredDecision href="#triage"/>'
                    "</informationRequirement>",
                )
            ),
            "requires itself",
        ),
    ],
)
def test_what_cannot_be_decided_is_refused_at_publish(xml, words):
    problems = dmn.check(xml)
    assert words in problems[0].en
    assert problems[0].zh
    with pytest.raises(dmn.DmnError):
        dmn.evaluate(xml, "分诊", {"x": 1})


def test_a_wrong_cell_is_named_by_its_rule():
    xml = definitions(table("UNIQUE", ["x"], [("1", "2"), ("1 +", "3")]))
    assert [(found.decision, found.rule) for found in dmn.check(xml)] == [("分诊", 2)]


def test_an_unknown_decision_is_an_error():
    with pytest.raises(dmn.DmnError):
        dmn.evaluate(definitions(table("UNIQUE", ["x"], AGES)), "nobody", {})


def test_entities_are_not_read_from_files():
    xml = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + definitions("&a;")
    assert "document type" in dmn.check(xml)[0].en


def test_entities_do_not_multiply():
    entities = '<!ENTITY a0 "x">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10)
    )
    xml = f"<!DOCTYPE d [{entities}]>" + definitions("&a9;")
    assert dmn.check(xml) != []
