"""A bundle is known by its content."""

from bpmn.bundle import Bundle, Finding, Refused


def test_a_bundle_is_known_by_its_content_and_by_nothing_else():
    one = Bundle("<a/>", forms={"f": {"a": 1, "b": 2}, "g": {}}, decisions={"d": "<d/>"})
    same = Bundle("<a/>", forms={"g": {}, "f": {"b": 2, "a": 1}}, decisions={"d": "<d/>"})

    assert one.digest() == same.digest()
    assert len(one.digest()) == 64
    for other in (
        Bundle("<a />", one.forms, one.decisions),
        Bundle("<a/>", {"f": {"a": 1, "b": 3}, "g": {}}, one.decisions),
        Bundle("<a/>", one.forms, {"d": "<d />"}),
    ):
        assert other.digest() != one.digest()


def test_a_refusal_says_all_that_is_wrong():
    first = Finding("a", "审批", "lane-role", "泳道的角色未知", "the lane's role is unknown")
    second = Finding("b", "", "no-end", "没有结束事件", "there is no end event")

    refusal = Refused((first, second))

    assert refusal.findings == (first, second)
    assert str(refusal) == "a: the lane's role is unknown; b: there is no end event"
