"""Boolean functions (10.3.4.2) and `is`."""

from bpmn.feel.functions.signature import builtin
from bpmn.feel.run import Run
from bpmn.feel.temporal import write
from bpmn.feel.values import Value, equal, kind


@builtin("not(negand: any)")
def negation(negand: Value) -> bool | None:
    return not negand if type(negand) is bool else None


@builtin("is(value1: any, value2: any)")
def is_same(run: Run, value1: Value, value2: Value) -> bool:
    """The same type and the same value; times also need the same offset."""
    if kind(value1) != kind(value2):
        return False
    if kind(value1) in ("time", "date and time"):
        return write(value1) == write(value2)
    return equal(value1, value2, run) is True
