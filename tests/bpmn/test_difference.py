"""What changed between two versions: every change is told once, of the right element."""

from copy import deepcopy
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bpmn import shipped
from bpmn.bundle import Bundle
from bpmn.diagram import BPMN
from bpmn.difference import Change, Detail, changes

BUNDLE = shipped.bundle("consultation")
DRAWN = [
    f"{BPMN}{kind}"
    for kind in ("userTask", "serviceTask", "exclusiveGateway", "sequenceFlow", "boundaryEvent")
]


def _told(after_diagram: str) -> tuple[Change, ...]:
    return changes(BUNDLE, replace(BUNDLE, process=after_diagram))


def _tree() -> etree._Element:
    return etree.fromstring(BUNDLE.process.encode())


def _text(root: etree._Element) -> str:
    return etree.tostring(root, encoding="unicode")


def _by_id(root: etree._Element, name: str) -> etree._Element:
    (found,) = [one for one in root.iter("{*}*") if one.get("id") == name]
    return found


def test_a_version_does_not_differ_from_itself() -> None:
    assert changes(BUNDLE, BUNDLE) == ()


def test_order_and_space_in_the_file_are_no_change() -> None:
    root = _tree()
    process = _by_id(root, "consultation")
    nodes = list(process.iterchildren(*DRAWN))
    Random(7).shuffle(nodes)
    process.extend(nodes)
    assert _told(_text(root).replace("><", ">\n  <")) == ()


def test_a_name_and_a_nested_property_are_told_with_before_and_after() -> None:
    root = _tree()
    task = _by_id(root, "review_director")
    task.set("name", "主任复核")
    (schedule,) = task.iter("{*}taskSchedule")
    before = schedule.get("dueDate")
    schedule.set("dueDate", '=now() + duration("PT1H")')
    (change,) = _told(_text(root))
    assert (change.id, change.kind, change.name, change.how) == (
        "review_director",
        "userTask",
        "主任复核",
        "changed",
    )
    assert change.details == (
        Detail("@name", "科室主任审核", "主任复核"),
        Detail(
            "extensionElements/zeebe:taskSchedule/@dueDate", before, '=now() + duration("PT1H")'
        ),
    )


def test_what_only_moved_on_the_page_is_told_as_moved() -> None:
    root = _tree()
    (shape,) = [s for s in root.iter("{*}BPMNShape") if s.get("bpmnElement") == "review_director"]
    shape[0].set("x", "10")
    (change,) = _told(_text(root))
    assert (change.id, change.how, change.details) == ("review_director", "moved", ())


def test_a_task_put_into_another_lane_tells_the_lane() -> None:
    root = _tree()
    (reference,) = [one for one in root.iter("{*}flowNodeRef") if one.text == "review_director"]
    _by_id(root, "lane_applicant").append(reference)
    (change,) = _told(_text(root))
    assert change.id == "review_director"
    assert [one.path for one in change.details] == ["lane"]


def test_an_element_of_another_tool_counts_too() -> None:
    root = _tree()
    extensions = _by_id(root, "review_director").find("{*}extensionElements")
    assert extensions is not None
    etree.SubElement(extensions, "{urn:other}note", {"colour": "red"})
    (change,) = _told(_text(root))
    assert [(one.before, one.after) for one in change.details] == [(None, "red")]


def test_an_event_definition_given_a_new_id_by_a_modeller_is_no_change() -> None:
    root = _tree()
    for number, one in enumerate(root.iter("{*}timerEventDefinition", "{*}messageEventDefinition")):
        one.set("id", f"TimerEventDefinition_{number}")
    assert _told(_text(root)) == ()


@settings(deadline=None)
@given(st.data())
def test_one_changed_attribute_is_one_change_of_that_element(data: st.DataObject) -> None:
    root = _tree()
    drawn = [one for one in root.iter(*DRAWN) if one.get("name")]
    chosen = data.draw(st.sampled_from(drawn))
    chosen.set("name", f"{chosen.get('name')}*")
    assert [(one.id, one.how) for one in _told(_text(root))] == [(chosen.get("id"), "changed")]


@settings(deadline=None)
@given(st.data())
def test_what_is_gone_is_removed_and_backwards_added(data: st.DataObject) -> None:
    root = _tree()
    drawn = list(root.iter(*DRAWN))
    chosen = data.draw(st.lists(st.sampled_from(drawn), min_size=1, max_size=5, unique=True))
    for one in chosen:
        parent = one.getparent()
        assert parent is not None
        parent.remove(one)
    after = replace(BUNDLE, process=_text(root))
    gone = {one.get("id") for one in chosen}
    assert {one.id for one in changes(BUNDLE, after) if one.how == "removed"} == gone
    assert {one.id for one in changes(after, BUNDLE) if one.how == "added"} == gone


def test_a_field_added_to_a_form_does_not_move_the_others() -> None:
    form = deepcopy(BUNDLE.forms["application"])
    form["components"].insert(0, {"id": "new", "type": "textfield", "key": "ward", "label": "病区"})
    after = replace(BUNDLE, forms={**BUNDLE.forms, "application": form})
    (change,) = changes(BUNDLE, after)
    assert (change.part, change.file, change.id, change.how) == (
        "form",
        "application",
        "new",
        "added",
    )


def test_fields_in_another_order_are_moved() -> None:
    form = deepcopy(BUNDLE.forms["application"])
    form["components"].append(form["components"].pop(0))
    after = replace(BUNDLE, forms={**BUNDLE.forms, "application": form})
    assert [one.how for one in changes(BUNDLE, after)] == ["moved"]


def test_a_cell_of_a_table_is_told_by_rule_and_column() -> None:
    text = BUNDLE.decisions["response_limits"].replace("<text>24</text>", "<text>12</text>", 1)
    after = replace(BUNDLE, decisions={**BUNDLE.decisions, "response_limits": text})
    (change,) = changes(BUNDLE, after)
    assert (change.part, change.file, change.id) == ("decision", "response_limits", "rule_routine")
    assert change.details == (Detail("审核时限（小时）/text", "24", "12"),)


def test_a_file_that_is_gone_is_removed_with_all_that_is_in_it() -> None:
    forms = {name: form for name, form in BUNDLE.forms.items() if name != "application"}
    for after in (replace(BUNDLE, forms=forms), replace(BUNDLE, decisions={})):
        told = changes(BUNDLE, after)
        assert len(told) > 1
        assert {one.how for one in told} == {"removed"}
        assert len({one.file for one in told}) == 1


def test_words_of_a_notice_are_told_by_language_and_channel() -> None:
    before = replace(BUNDLE, notices={"urged": {"zh": {"title": "催办"}}})
    after = replace(BUNDLE, notices={"urged": {"zh": {"title": "请尽快办理"}}})
    (change,) = changes(before, after)
    assert (change.part, change.file, change.how) == ("notice", "urged", "changed")
    assert change.details == (Detail("zh/title", "催办", "请尽快办理"),)


@given(st.permutations(range(12)))
def test_the_fewest_fields_that_explain_a_new_order_are_moved(order: list[int]) -> None:
    fields = [{"id": f"f{place}", "type": "text", "text": str(place)} for place in range(12)]
    before = Bundle(BUNDLE.process, {"a": {"components": fields}})
    after = Bundle(BUNDLE.process, {"a": {"components": [fields[place] for place in order]}})
    moved = {change.id for change in changes(before, after)}
    stays = [place for place in order if f"f{place}" not in moved]
    assert stays == sorted(stays)
    assert len(stays) == _longest_increase(order)


def _longest_increase(order: list[int]) -> int:
    best: list[int] = []
    for end, value in enumerate(order):
        best.append(1 + max((best[one] for one in range(end) if order[one] < value), default=0))
    return max(best)


def test_nesting_beyond_all_measure_is_compared_as_text() -> None:
    deep = "<a>" * 200 + "{}" + "</a>" * 200
    root = _tree()
    extensions = _by_id(root, "review_director").find("{*}extensionElements")
    assert extensions is not None
    extensions.append(etree.fromstring(deep.format("old")))
    before = replace(BUNDLE, process=_text(root))
    after = replace(before, process=before.process.replace(">old<", ">new<"))
    (change,) = changes(before, after)
    assert change.id == "review_director"
