"""10.3.2: the values of expressions, operators, paths, filters and control (issue 2, FEEL)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from bpmn import feel

PATIENT = {
    "patient": {"name": "示例甲", "age": 71, "tags": ["heart", "icu"]},
    "年龄": 71,
    "科室": "心内科",
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("0.1 + 0.2 = 0.3", True),
        ("10 / 4", Decimal("2.5")),
        ("2 ** 3 ** 2", 64),
        ("-2 ** 2", 4),
        ("1 / 0", None),
        ('"会" + "诊"', "会诊"),
        ('1 + "a"', None),
        ('年龄 >= 60 and 科室 = "心内科"', True),
        ("patient.age > 70", True),
        ("patient.name", "示例甲"),
        ("patient.address", None),
        ('"".__class__', None),
        ("patient.tags[1]", "heart"),
        ("patient.tags[-1]", "icu"),
        ("patient.tags[3]", None),
        ("[1, 2, 3, 4][item > 2]", [3, 4]),
        ("[{a: 1}, {a: 2}][a = 2].a", [2]),
        ('if 年龄 < 18 then "child" else "adult"', "adult"),
        ("if null then 1 else 2", 2),
        ("for x in 1..3 return x * x", [1, 4, 9]),
        ("for x in 3..1 return x", [3, 2, 1]),
        ("for x in [1, 2], y in [x..2] return x + y", [2, 3, 4]),
        ("some x in [1, 2] satisfies x > 1", True),
        ("every x in [1, 2] satisfies x > 1", False),
        ("年龄 in [60..80)", True),
        ("年龄 in (< 60, > 70)", True),
        ("年龄 between 60 and 70", False),
        ("{a: 1, b: a + 1}.b", 2),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r", 120),
    ],
)
def test_an_expression_has_its_value(text, value):
    assert feel.evaluate(text, PATIENT) == value


@pytest.mark.parametrize("left", ["true", "false", "null"])
@pytest.mark.parametrize("right", ["true", "false", "null"])
def test_logic_has_three_values(left, right):
    values = {feel.evaluate(left), feel.evaluate(right)}
    conjunction = False if False in values else None if None in values else True
    disjunction = True if True in values else None if None in values else False
    assert feel.evaluate(f"{left} and {right}") is conjunction
    assert feel.evaluate(f"{left} or {right}") is disjunction


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('@"2026-01-31" + @"P1M"', date(2026, 2, 28)),
        ('@"2026-03-01" - @"2026-02-01"', timedelta(days=28)),
        ('now() + duration("PT48H")', datetime(2026, 5, 3, 8, tzinfo=UTC)),
        ("today()", date(2026, 5, 1)),
        ('@"P1DT2H".hours', 2),
        ('@"2026-05-01".weekday', 5),
        ('@"2026-05-01T10:00:00+08:00" = @"2026-05-01T02:00:00Z"', True),
        ('string(@"PT36H")', "P1DT12H"),
    ],
)
def test_time_is_reckoned(text, value):
    assert feel.parse(text).evaluate(now=datetime(2026, 5, 1, 8, tzinfo=UTC)) == value


@pytest.mark.parametrize(
    ("cell", "value", "verdict"),
    [
        ("-", None, True),
        ("< 5", 4, True),
        ("< 5", None, None),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "b", False),
        ("[1..5]", 5, True),
        ("[1..5)", 5, False),
        ("? > 3 and ? < 5", 4, True),
        ("limit", 4, False),
        ("> limit", 8, True),
        ("null", None, True),
        ("true", False, False),
        ("limit > 3", "anything", True),
    ],
)
def test_a_cell_tests_a_value(cell, value, verdict):
    assert feel.unary_test(cell, value, {"limit": 7}) is verdict


def test_names_may_hold_spaces_operators_and_chinese():
    context = {"first name": 3, "a-b": 4, "a": 1, "b": 1, "到院 时间": 5}
    assert feel.evaluate("first name + a-b + 到院 时间", context) == 12
    assert feel.evaluate("a-b", {"a": 3, "b": 1}) == 2


def test_an_expression_tells_the_names_it_reads():
    expression = feel.parse("count(检查[价格 > 上限]) + (for x in xs return x + y)")
    assert expression.names() == {"检查", "xs", "y"}
    assert expression.possible_names() == {"价格", "上限"}
