"""What holds for every expression, tried on generated ones."""

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Context, Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bpmn import feel

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)

numbers = st.decimals(-(10**12), 10**12, places=6)
names = st.sampled_from(["a", "年龄", "first name", "x1"])
literals = st.one_of(
    st.integers(0, 10**9).map(str),
    st.sampled_from(["true", "false", "null", '"a\\n\\"b"', '"会诊"', ".5", "1e3"]),
    st.sampled_from(['@"2026-05-01"', '@"P1DT2H"', '@"P1Y"', '@"10:00:00Z"']),
    names,
)


def larger(inner):
    """Expressions made of smaller ones."""
    binary = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", ">=", "and", "or"])
    return st.one_of(
        st.builds("({} {} {})".format, inner, binary, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds('{{a: {}, "b c": {}}}'.format, inner, inner),
        st.builds("({}).{}".format, inner, names),
        st.builds("({})[{}]".format, inner, inner),
        st.builds("(if {} then {} else {})".format, inner, inner, inner),
        st.builds("(for x1 in {} return {})".format, inner, inner),
        st.builds("(some x1 in {}, a in {} satisfies {})".format, inner, inner, inner),
        st.builds("({} in ({}, < {}))".format, inner, inner, inner),
        st.builds("(>= {})".format, inner),
        st.builds("({} between {} and {})".format, inner, inner, inner),
        st.builds("({} instance of list<number>)".format, inner),
        st.builds("[({})..({}))".format, inner, inner),
        st.builds("(function(a, x1: number) {})({}, {})".format, inner, inner, inner),
        st.builds("-({})".format, inner),
        st.builds("{}({})".format, st.sampled_from(sorted(feel.FUNCTIONS)), inner),
        st.builds("{}({}, {})".format, st.sampled_from(sorted(feel.FUNCTIONS)), inner, inner),
        st.builds(
            "{}({}, {}, {})".format, st.sampled_from(sorted(feel.FUNCTIONS)), inner, inner, inner
        ),
    )


expressions = st.recursive(literals, larger, max_leaves=12)
context = {"a": [1, 2.5, None], "年龄": 71, "first name": "示例甲", "x1": {"a": True}}


@settings(max_examples=400, deadline=None)
@given(expressions)
def test_a_printed_expression_reads_as_the_same(text):
    tree = feel.parse(text).tree
    assert feel.parse(feel.source(tree)).tree == tree


@settings(max_examples=1000, deadline=2000)
@given(expressions)
def test_an_expression_always_gives_the_same(text):
    problems = []
    expression = feel.parse(text)
    value = expression.evaluate(context, now=NOW, problems=problems)
    again = expression.evaluate(context, now=NOW)
    assert len(problems) <= feel.LIMITS.problems
    assert feel.evaluate("string(x)", {"x": value}) == feel.evaluate("string(x)", {"x": again})


@settings(max_examples=500, deadline=2000)
@given(st.text("ab1.\"'()[]{}<>=+-*/,:?@ \n会and orinf", max_size=40))
def test_no_text_raises_anything_but_what_is_promised(text):
    for read in (feel.parse, feel.parse_unary_tests):
        with suppress(feel.FeelError):
            read(text).evaluate({"?": 1, "a": 1})


@given(numbers, numbers)
def test_arithmetic_agrees_with_decimal(a, b):
    exact = Context(prec=34)
    values = {"a": a, "b": b}
    assert feel.evaluate("a + b", values) == exact.add(a, b)
    assert feel.evaluate("a * b", values) == exact.multiply(a, b)
    assert feel.evaluate("a / b", values) == (exact.divide(a, b) if b else None)
    assert feel.evaluate("a < b", values) is (a < b)
    assert feel.evaluate("floor(a)", values) == a.to_integral_value("ROUND_FLOOR")


@given(st.text(max_size=20))
def test_a_string_literal_stands_for_itself(text):
    assert feel.evaluate(feel.source(feel.tree.Literal(text))) == text


@given(st.datetimes(), st.timedeltas(max_value=NOW - datetime(2000, 1, 1, tzinfo=UTC)))
def test_temporal_values_survive_writing(moment, span):
    values = {"moment": moment, "span": span}
    assert feel.evaluate("date and time(string(moment)) = moment", values) is True
    assert feel.evaluate("duration(string(span)) = span", values) is True


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 60), st.integers(1, 60))
def test_relations_of_ranges_mirror_each_other(a, b, c, d):
    ends = {"p": feel.Range(Decimal(min(a, b)), Decimal(max(a, b)))}
    ends["q"] = feel.Range(Decimal(min(c, d)), Decimal(max(c, d)))
    before, after, overlaps = (
        feel.evaluate(f"{relation}(p, q)", ends) for relation in ("before", "after", "overlaps")
    )
    assert [before, after, overlaps].count(True) == 1
    assert feel.evaluate("includes(p, q) = during(q, p)", ends) is True
    assert feel.evaluate("starts(p, q) = started by(q, p)", ends) is True
