"""Small diagrams, sound and faulty, in the product's own words."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.bundle import Bundle
from tests.bpmn.diagrams import (
    boundary,
    bundle,
    end,
    flows,
    io,
    many,
    message,
    messages,
    node,
    properties,
    script,
    service,
    start,
    timer,
    user,
)
from tests.bpmn.test_lint import STRUCTURE, UNSUPPORTED, WORDS

LATE = timer("timeDuration", "P1D")


def examples() -> Iterator[tuple[str, str]]:
    """What is to be seen in a diagram, and its XML."""
    for number, (made, rule, _) in enumerate(WORDS):
        yield f"words {number}: {rule}", made.process
    for number, (rule, _, made) in enumerate(STRUCTURE):
        if len(made.process) < 10_000:  # what is merely long would only make the file so
            yield f"structure {number}: {rule}", made.process
    for name, made in UNSUPPORTED.items():
        yield f"unsupported: {name}", made.process
    for says, made in CLINICAL.items():
        yield f"clinical: {says}", made.process
    for says, made in WAYS.items():
        yield f"ways: {says}", made.process
    yield from HOSTILE.items()


def ask(name: str = "ask", repeat: str = "") -> str:
    """The task that asks for consent."""
    return user(
        name, "application", properties(record="application"), repeat, assignee="=applicant"
    )


def room() -> str:
    return service("room", "open_room")


def tell(name: str, *audience: str) -> str:
    inputs = {"template": '="refused"', "audience": " ".join(audience)}
    return service(name, "notify", io(inputs=inputs))


def review(name: str = "review", form: str = "review") -> str:
    return user(name, form, properties(record="review"))


def no(status: str = "cancelled") -> str:
    return end("no", extension=properties(status=status))


def choice(name: str, default: str) -> str:
    return node("exclusiveGateway", name, default=f"{name}__{default}")


def fork(*names: str) -> str:
    return "".join(node("parallelGateway", name) for name in names)


def inside(name: str, *parts: str, repeat: str = "") -> str:
    return node("subProcess", name, repeat, start(f"{name}_start"), *parts, end(f"{name}_end"))


ASKED = flows("group_start > ask > group_end")
REFUSES = "start > review > g > [=decision = &quot;x&quot;] end".replace("&quot;", '"')

CLINICAL: dict[str, Bundle] = {
    "consent comes first": bundle(start(), ask(), room(), end(), flows("start > ask > room > end")),
    "nobody asks": bundle(start(), room(), end(), flows("start > room > end")),
    "consent is asked in the session": bundle(
        start(), room(), ask(), end(), flows("start > room > ask > end")
    ),
    "consent beside the session": bundle(
        start(),
        fork("split", "join"),
        ask(),
        room(),
        end(),
        flows("start > split > ask > join > end", "split > room > join"),
    ),
    "consent on one branch before the join": bundle(
        start(),
        fork("split", "join"),
        ask(),
        user("other"),
        room(),
        end(),
        flows("start > split > ask > join > room > end", "split > other > join"),
    ),
    "a choice passes consent by": bundle(
        start(),
        choice("g", "ask"),
        ask(),
        room(),
        end(),
        flows("start > g > ask > room > end", "g > [=applicant = null] room"),
    ),
    "who interrupts the application comes to the session": bundle(
        start(),
        ask(),
        boundary("late", "ask", LATE),
        room(),
        end(),
        flows("start > ask > end", "late > room > end"),
    ),
    "consent in a sub-process": bundle(
        start(), inside("group", ask(), ASKED), room(), end(), flows("start > group > room > end")
    ),
    "consent in a sub-process that reminds": bundle(
        start(),
        inside(
            "group",
            ask(),
            boundary("late", "ask", LATE, interrupts=False),
            end("reminded"),
            ASKED,
            flows("late > reminded"),
        ),
        room(),
        end(),
        flows("start > group > room > end"),
    ),
    "consent for each of a list that may be empty": bundle(
        start(),
        inside("group", ask(), ASKED, repeat=many("=[1]", "one")),
        room(),
        end(),
        flows("start > group > room > end"),
    ),
    "a task for each of a list asks": bundle(
        start(), ask(repeat=many("=[1]", "one")), room(), end(), flows("start > ask > room > end")
    ),
    "a boundary of the sub-process leads to the session": bundle(
        start(),
        inside("group", ask(), ASKED),
        boundary("leave", "group", message("cancel")),
        room(),
        end(),
        flows("start > group > room > end", "leave > room"),
        outside=messages("cancel"),
    ),
    "a refusal tells both beside each other": bundle(
        start(),
        review(),
        choice("g", "split"),
        fork("split", "join"),
        tell("one", '="applicant"'),
        tell("two", '="coordinator"'),
        end(extension=properties(status="completed")),
        no(),
        flows(REFUSES, "g > split > one > join > no", "split > two > join"),
    ),
    "a refusal tells both and ends twice": bundle(
        start(),
        review(),
        choice("g", "split"),
        fork("split"),
        tell("one", '="applicant"'),
        tell("two", '="coordinator"'),
        end(extension=properties(status="completed")),
        no(),
        end("no2"),
        flows(REFUSES, "g > split > one > no", "split > two > no2"),
    ),
    "a refusal tells all": bundle(
        start(),
        review(),
        choice("g", "one"),
        tell("one", '="all"'),
        end(extension=properties(status="completed")),
        no(),
        flows(REFUSES, "g > one > no"),
    ),
    "a refusal tells whom FEEL computes": bundle(
        start(),
        review(),
        choice("g", "one"),
        tell("one", '=if true then "all" else "experts"'),
        end(extension=properties(status="completed")),
        no(),
        flows(REFUSES, "g > one > no"),
    ),
    "a refusal tells nobody and says no status": bundle(
        start(),
        review(),
        choice("g", "no"),
        end(extension=properties(status="completed")),
        end("no"),
        flows(REFUSES, "g > no"),
    ),
    "what is no review but cancels": bundle(
        start(),
        user("review", "times"),
        choice("g", "no"),
        end(),
        no(),
        flows(REFUSES, "g > no"),
    ),
    "the reminder of a review is no end of the case": bundle(
        start(),
        review(),
        boundary("late", "review", LATE, interrupts=False),
        tell("remind", '="assignees"'),
        end("reminded"),
        user("go"),
        end(),
        flows("start > review > go > end", "late > remind > reminded"),
    ),
    "the inviting doctor decides": bundle(
        start(),
        service("report", "publish_report"),
        user("decide", assignee="=applicant"),
        end(),
        flows("start > report > decide > end"),
    ),
    "nobody decides": bundle(
        start(), service("report", "publish_report"), end(), flows("start > report > end")
    ),
    "the inviting doctor decides beside the end": bundle(
        start(),
        service("report", "publish_report"),
        fork("split"),
        user("decide", assignee="=applicant"),
        end(),
        end("other"),
        flows("start > report > split > decide > end", "split > other"),
    ),
    "for each of nobody": bundle(
        start(),
        service("report", "publish_report"),
        user("decide", many=many("=[]", "one"), assignee="=applicant"),
        end(),
        flows("start > report > decide > end"),
    ),
    "a notice with the patient's name": bundle(
        start(),
        user("ask", "application", io(outputs={"who": '="re: " + patient_name'})),
        script("words", "=[who]", "line"),
        tell("one", '="all" + line[1]'),
        end(),
        flows("start > ask > words > one > end"),
    ),
    "a notice by urgency alone": bundle(
        start(),
        user("ask", "application", io(outputs={"urgency": "=urgency"})),
        tell("one", '=if urgency = "critical" then "all" else "experts"'),
        end(),
        flows("start > ask > one > end"),
    ),
    "a timer around the sub-process": bundle(
        start(),
        inside("group", user("x"), flows("group_start > x > group_end")),
        boundary("late", "group", LATE, interrupts=False),
        end(),
        end("told"),
        flows("start > group > end", "late > told"),
    ),
}

WAYS: dict[str, Bundle] = {
    "a loop of services": bundle(
        start(),
        service("a", "close_room"),
        choice("g", "a"),
        end(),
        flows("start > a > g > [=true] end", "g > a"),
    ),
    "a loop through a sub-process that waits": bundle(
        start(),
        inside("group", user("x"), flows("group_start > x > group_end")),
        choice("g", "group"),
        end(),
        flows("start > group > g > [=true] end", "g > group"),
    ),
    "a loop through a sub-process that does not": bundle(
        start(),
        inside("group", service("x", "close_room"), flows("group_start > x > group_end")),
        choice("g", "group"),
        end(),
        flows("start > group > g > [=true] end", "g > group"),
    ),
    "a node that leads to itself": bundle(
        start(), service("a", "close_room"), end(), flows("start > a > a", "a > end")
    ),
    "round and round": bundle(
        start(),
        choice("g", "end"),
        user("a"),
        user("b"),
        end(),
        flows("start > g > [=true] a > b > a", "g > end"),
    ),
    "round and round until something interrupts": bundle(
        start(),
        inside(
            "group",
            choice("g", "group_end"),
            user("a"),
            flows("group_start > g > [=true] a > a", "g > group_end"),
        ),
        boundary("leave", "group", message("cancel")),
        end(),
        flows("start > group > end", "leave > end"),
        outside=messages("cancel"),
    ),
}

HOSTILE: dict[str, str] = {
    "hostile: no XML": "<bpmn:definitions",
    "hostile: nothing": "",
    "hostile: no process": bundle().process.replace("bpmn:process", "bpmn:group"),
    "hostile: an empty process": bundle().process,
    "hostile: a boundary event on itself": bundle(
        start(), boundary("b", "b", LATE), end(), flows("start > end", "b > end")
    ).process,
    "hostile: boundary events on each other": bundle(
        start(), boundary("a", "b", LATE), boundary("b", "a", LATE), end(), flows("start > end")
    ).process,
    "hostile: flows from and to nothing": bundle(
        start(), end(), flows("x > y", "start > y", "x > end")
    ).process,
    "hostile: a default that does not exist": bundle(
        start(), choice("g", "nothing"), end(), flows("start > g > end")
    ).process,
    "hostile: joined splits without end": bundle(
        start(), fork("a", "b"), end(), flows("start > a > b > a", "b > end", "a > a")
    ).process,
    "hostile: tasks in a ring": bundle(
        start(),
        *(node("task", f"n{number}") for number in range(60)),
        end(),
        flows(" > ".join(["start", *(f"n{number}" for number in range(60)), "n0"]), "n9 > end"),
    ).process,
}


def _nested(depth: int) -> str:
    inner = user("deep")
    chain = "deep"
    for level in range(depth):
        inner = inside(f"s{level}", inner, flows(f"s{level}_start > {chain} > s{level}_end"))
        chain = f"s{level}"
    return bundle(start(), inner, end(), flows(f"start > {chain} > end")).process


HOSTILE["hostile: a sub-process inside itself"] = bundle(
    start(), inside("s", inside("s", user("x"))), end(), flows("start > s > end")
).process
HOSTILE["hostile: nothing has an id"] = HOSTILE["hostile: a sub-process inside itself"].replace(
    " id=", " name2="
)
HOSTILE["hostile: sub-processes thirty deep"] = _nested(30)
