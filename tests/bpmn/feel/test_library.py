"""10.3.4: the library, by the standard's families; its examples are among these."""

import pytest

from bpmn import feel

CONVERSION = [
    ('number("1 000,0", " ", ",")', "1000"),
    ('number("1,000.0", ",", ".")', "1000"),
    ('number("1.000.000", ".")', "1000000"),
    ('number("abc")', "null"),
    ("string(1.10)", '"1.1"'),
    ("string(null)", "null"),
    ('string([1, "a", null])', '"[1, \\"a\\", null]"'),
    ('string({a: "foo"})', '"{a: \\"foo\\"}"'),
    ('string(@"PT25H")', '"P1DT1H"'),
    ('string(@"P13M")', '"P1Y1M"'),
    ('string(@"2026-05-01T10:00:00.5@Asia/Shanghai")', '"2026-05-01T10:00:00.5@Asia/Shanghai"'),
    ('date("2012-12-25")', "date(2012, 12, 25)"),
    ('date("2012-13-25")', "null"),
    ('date("12-12-12")', "null"),
    ('time("23:59:00Z")', 'time(23, 59, 0, @"PT0S")'),
    ('date and time("2012-12-24")', 'date and time("2012-12-24T00:00:00")'),
    (
        'date and time(date("2012-12-24"), time("23:59:00"))',
        'date and time("2012-12-24T23:59:00")',
    ),
    ('duration("P1Y2M")', '@"P14M"'),
    ('duration("P")', "null"),
    ('years and months duration(@"2011-12-22", @"2013-08-24")', '@"P1Y8M"'),
    ('years and months duration(@"2013-08-24", @"2011-12-22")', '@"-P1Y8M"'),
    ('range("[1..5)")', "[1..5)"),
    ('range("[5..1]")', "null"),
    ('range("[-2..-1]")', "[-2..-1]"),
    ('range("[-true..1]")', "null"),
    ('range("[a..1]")', "null"),
]
BOOLEAN = [
    ("not(true)", "false"),
    ("not(null)", "null"),
    ('is(@"10:00:00Z", @"10:00:00+00:00")', "true"),
    ('is(@"10:00:00Z", @"11:00:00+01:00")', "false"),
    ('is(1, "1")', "false"),
]
STRING = [
    ('substring("foobar", 3)', '"obar"'),
    ('substring("foobar", -2, 1)', '"a"'),
    ('substring("foobar", 0)', "null"),
    ('substring("\\U01F40Eab", 2)', '"ab"'),
    ('substring(start position: 2, string: "abc")', '"bc"'),
    ('string length("\\uD83D\\uDC0Eab")', "3"),
    ('upper case("aBc4")', '"ABC4"'),
    ('lower case(["ABC"])', '"abc"'),
    ('substring before("foobar", "bar")', '"foo"'),
    ('substring before("foobar", "xyz")', '""'),
    ('substring after("foobar", "ob")', '"ar"'),
    ('substring after("foobar", "")', '"foobar"'),
    ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', '"[1=ab][2=]cd"'),
    ('replace("aBc", "b", "x", "i")', '"axc"'),
    ('replace("abc", "b*", "x")', "null"),
    ('contains("foobar", "of")', "false"),
    ('starts with("foobar", "fo")', "true"),
    ('ends with("foobar", "r")', "true"),
    ('matches("foobar", "^Fo*b", "i")', "true"),
    ('matches("会诊", "^\\\\w+$")', "true"),
    ('matches("aa", "(a)\\\\1")', "null"),
    ('split("John Doe", "\\\\s")', '["John", "Doe"]'),
    ('split("a;b;c;;", ";")', '["a", "b", "c", "", ""]'),
    ('string join(["a", null, "c"], "X")', '"aXc"'),
    ("string join([])", '""'),
]
LIST = [
    ("list contains([1, 2, null], null)", "true"),
    ("count([1, null])", "2"),
    ("min([])", "null"),
    ("min(3, 1, 2)", "1"),
    ('max("a", "b")', '"b"'),
    ('min(1, "a")', "null"),
    ("sum(1, 2, 3)", "6"),
    ("sum([])", "null"),
    ("sum([1, null])", "null"),
    ("mean([1, 2])", "1.5"),
    ("all([true, null])", "null"),
    ("all([])", "true"),
    ("any([null, true])", "true"),
    ("any([])", "false"),
    ("sublist([4, 5, 6], 1, 2)", "[4, 5]"),
    ("sublist([1, 2, 3], -1)", "[3]"),
    ("append([1], 2, [3])", "[1, 2, [3]]"),
    ("concatenate([1, 2], [3])", "[1, 2, 3]"),
    ("insert before([1, 3], 2, 2)", "[1, 2, 3]"),
    ("remove([1, 2, 3], 2)", "[1, 3]"),
    ("reverse([1, 2, 3])", "[3, 2, 1]"),
    ("index of([1, 2, 3, 2], 2)", "[2, 4]"),
    ("union([1, 2], [2, 3])", "[1, 2, 3]"),
    ("distinct values([1, [1], 1, [1], true])", "[1, [1], true]"),
    ("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]"),
    ("product([2, 3, 4])", "24"),
    ("median(8, 2, 5, 3, 4)", "4"),
    ("median([6, 1, 2, 3])", "2.5"),
    ("round half up(stddev(2, 4, 7, 5), 12)", "2.081665999466"),
    ("stddev([47])", "null"),
    ("mode([6, 1, 9, 6, 1])", "[1, 6]"),
    ("sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]"),
    ("list replace([2, 4, 7, 8], 3, 6)", "[2, 4, 6, 8]"),
    ("list replace([2, 4, 7], function(item, new) item < new, 5)", "[5, 5, 7]"),
]
NUMERIC = [
    ("decimal(1 / 3, 2)", "0.33"),
    ("decimal(2.5, 0)", "2"),
    ("floor(-1.56, 1)", "-1.6"),
    ("ceiling(-1.5)", "-1"),
    ("round up(-5.5, 0)", "-6"),
    ("round down(-5.5, 0)", "-5"),
    ("round half up(-2.5, 0)", "-3"),
    ("round half down(5.5, 0)", "5"),
    ("abs(-10)", "10"),
    ('abs(@"-P1D")', '@"P1D"'),
    ("abs(-1234567890123456789012345678901234)", "1234567890123456789012345678901234"),
    ("modulo(-12, 5)", "3"),
    ("modulo(10.1, -4.5)", "-3.4"),
    ("modulo(1, 0)", "null"),
    ("sqrt(16)", "4"),
    ("sqrt(-1)", "null"),
    ("log(0)", "null"),
    ("round half up(exp(log(7)), 20)", "7"),
    ("odd(5) and even(-2)", "true"),
    ("odd(2.5) or even(2.5)", "false"),
]
TEMPORAL = [
    ("day of year(date(2019, 9, 17))", "260"),
    ("day of week(date(2019, 9, 17))", '"Tuesday"'),
    ("month of year(date(2019, 9, 17))", '"September"'),
    ("week of year(date(2005, 1, 1))", "53"),
    ('@"10:00:00" + @"PT15H"', '@"01:00:00"'),
    ('@"2021-01-31" + @"P1M"', '@"2021-02-28"'),
    ('@"P1D" / @"PT12H"', "2"),
    ('@"P1Y" / 2', '@"P6M"'),
    ('-@"P1D" + @"P1D"', '@"PT0S"'),
    ('@"2026-05-01T10:00:00+08:00" - @"2026-05-01T00:00:00Z"', '@"PT2H"'),
    ('@"2026-05-01T10:00:00" - @"2026-05-01T00:00:00Z"', "null"),
    ('@"2026-05-01T10:00:00" < @"2026-05-01T00:00:00Z"', "null"),
    ('@"2026-03-28T12:00:00@Europe/Paris" + @"P1D"', '@"2026-03-29T13:00:00@Europe/Paris"'),
    ('@"P1DT2H3M".hours', "2"),
    ('@"-P1Y3M".months', "-3"),
    ('@"2021-01-01T10:00:00+01:00".time offset', '@"PT1H"'),
    ('@"2021-01-01T10:00:00@Asia/Shanghai".timezone', '"Asia/Shanghai"'),
    ('for d in @"2026-02-28"..@"2026-03-01" return d.day', "[28, 1]"),
]
RANGE = [
    ("before(1, [1..10])", "false"),
    ("before(1, (1..10])", "true"),
    ("after([5..10], [1..5))", "true"),
    ("meets([1..5], [5..10])", "true"),
    ("meets([1..5), [5..10])", "false"),
    ("met by([5..10], [1..5])", "true"),
    ("overlaps([1..5], [5..8])", "true"),
    ("overlaps([1..5), [5..8])", "false"),
    ("overlaps before([1..5], [3..8])", "true"),
    ("overlaps after([3..8], [1..5])", "true"),
    ("finishes(10, [1..10])", "true"),
    ("finishes([5..10), [1..10])", "false"),
    ("finished by([1..10], 10)", "true"),
    ("includes([1..10], [4..6])", "true"),
    ("includes((> 5), 6)", "true"),
    ("during(5, [1..10])", "true"),
    ("starts([1..5], [1..10])", "true"),
    ("started by((1..10], 1)", "false"),
    ("coincides([1..5], [1..5])", "true"),
    ('before(1, "a")', "null"),
    ("after(1, null)", "null"),
    ('min(@"10:00:00", @"10:00:00Z")', "null"),
    ("[1..5).end included", "false"),
]
CONTEXT = [
    ('get value({a: "x"}, "a")', '"x"'),
    ("get entries({a: 1})", '[{key: "a", value: 1}]'),
    ('context([{key: "a", value: 1}])', "{a: 1}"),
    ('context([{key: "a", value: 1}, {key: "a", value: 2}])', "null"),
    ('context put({x: 1}, "y", 2)', "{x: 1, y: 2}"),
    ('context put({x: {y: 0}}, ["x", "y"], 2)', "{x: {y: 2}}"),
    ("context merge([{x: 1}, {x: 3, y: 2}])", "{x: 3, y: 2}"),
]
FAMILIES = (CONVERSION, BOOLEAN, STRING, LIST, NUMERIC, TEMPORAL, RANGE, CONTEXT)


@pytest.mark.parametrize(("call", "value"), [pair for family in FAMILIES for pair in family])
def test_a_function_gives_its_value(call, value):
    assert feel.evaluate(call) == feel.evaluate(value)


@pytest.mark.parametrize(
    "call",
    ["substring()", 'substring("a")', "substring(1, 2)", "count(xs: [])", "nothing(1)", "1(2)"],
)
def test_a_call_that_does_not_fit_is_null_with_a_reason(call):
    problems = []
    assert feel.evaluate(call, problems=problems) is None
    assert problems


@pytest.mark.parametrize("name", sorted(feel.FUNCTIONS))
def test_every_function_of_the_library_is_tried_here(name):
    calls = [call for family in FAMILIES for pair in family for call in pair]
    assert name in ("now", "today") or any(f"{name}(" in call for call in calls)
