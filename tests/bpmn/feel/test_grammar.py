"""10.3.1: the grammar, names included; what cannot be read is refused with a place and a reason."""

import pytest

from bpmn import feel


@pytest.mark.parametrize(
    ("text", "reads_as"),
    [
        ("a or b and c", "a or (b and c)"),
        ("a + b * c ** -d", "a + (b * (c ** (-d)))"),
        ("a = b and c < d", "(a = b) and (c < d)"),
        ("a between b and c and d", "(a between b and c) and d"),
        ("a.b[1].c(d)", "((((a).b)[1]).c)(d)"),
        ("-a instance of number", "-(a instance of number)"),
        ("a in b and c", "(a in (b)) and c"),
        ("if a then b else c + d", "if a then b else (c + d)"),
        ("for x in a return x + 1", "for x in a return (x + 1)"),
        ("function(x) x + 1", "function(x: Any) (x + 1)"),
        ("a // to the end of the line\n + b", "a + b"),
        ("a /* in\nbetween */ + b", "a + b"),
        ("[a..b)", "[(a)..(b))"),
        ("]a..b[", "(a..b)"),
        ("x in ]1..5[", "x in ((1..5))"),
        ("x[1]", "(x)[(1)]"),
    ],
)
def test_operators_bind_as_the_standard_says(text, reads_as):
    assert feel.parse(text).tree == feel.parse(reads_as).tree


@pytest.mark.parametrize(
    ("text", "context", "value"),
    [
        ("first name", {"first name": 1}, 1),
        ("first   name", {"first name": 1}, 1),
        ("profit and loss", {"profit and loss": 1, "profit": True, "loss": True}, 1),
        ("profit and loss", {"profit": True, "loss": True}, True),
        ("a-b", {"a-b": 1, "a": 5, "b": 3}, 1),
        ("a - b", {"a": 5, "b": 3}, 2),
        ("x.a+b", {"x": {"a+b": 7, "a": 1}, "b": 1}, 7),
        ("体温（℃） > 38.5", {"体温（℃）": 39.1}, True),
        ("病人 姓名", {"病人 姓名": "示例甲"}, "示例甲"),
        ("{total cost: 3, x: total cost * 2}.x", {}, 6),
        ('{"a-b": 3, x: a-b * 2}.x', {}, 6),
        ("for unit price in [1, 2] return unit price + 1", {}, [2, 3]),
        ("(function(unit price) unit price + 1)(unit price: 2)", {}, 3),
        ("date and time", {"date and time": 1}, 1),
        ("count", {"count": 3}, 3),
        ("count(count)", {"count": [1, 2]}, 2),
        ("item", {"item": 4}, 4),
        ("[{item: 1}][item = 1].item", {}, [1]),
        ("xs[price > limit].price", {"xs": [{"price": 1}, {"price": 9}], "limit": 5}, [9]),
    ],
)
def test_names_are_read_as_long_as_they_are_known(text, context, value):
    assert feel.evaluate(text, context) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 instance of number", True),
        ('"a" instance of number', False),
        ("null instance of Null", True),
        ("null instance of Any", False),
        ("[1, null] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("{a: 1, b: 2} instance of context<a: number>", True),
        ("{b: 2} instance of context<a: number>", False),
        ('@"P1D" instance of days and time duration', True),
        ('@"P1Y" instance of days and time duration', False),
        ('@"2026-05-01T10:00:00" instance of date and time', True),
        ('@"2026-05-01T10:00:00" instance of date', False),
        ("[1..5] instance of range<number>", True),
        ("(function(x) x) instance of function<Any> -> Any", True),
        ("count instance of function", True),
    ],
)
def test_a_value_is_an_instance_of_its_type(text, value):
    assert feel.evaluate(text) is value


def test_a_function_takes_only_what_its_parameters_allow():
    double = "(function(x: number) x * 2)"
    assert feel.evaluate(f"{double}(4)") == 8
    assert feel.evaluate(f'{double}("a")') is None
    assert feel.evaluate(f"{double}(1, 2)") is None
    assert feel.evaluate(f"{double}(y: 1)") is None


@pytest.mark.parametrize(
    ("text", "column", "en"),
    [
        ("", 1, "empty"),
        ("1 +", 4, "not complete"),
        ("1 2", 3, 'unexpected "2"'),
        ("if a then b", 12, 'expected "else"'),
        ("f(a, b: 1)", 10, "name all arguments"),
        ("{a: 1, a: 2}", 8, "twice"),
        ("{1: 1}", 2, 'expected "name:"'),
        ("[1..2", 6, "not closed"),
        ('@"yesterday"', 1, "no date"),
        ('"open', 1, "closing quote"),
        ("“会诊”", 1, "straight quote"),
        ("x instance of patient", 15, "no such type"),
        ("a § b", 3, "unknown character"),
        ("1e99999", 1, "too large"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(text, column, en):
    with pytest.raises(feel.FeelError) as refused:
        feel.parse(text)
    assert (refused.value.line, refused.value.column) == (1, column)
    assert en in refused.value.en
    assert refused.value.zh
