"""Whether a value is a good answer: what form-js checks, in its words, and what we add.

form-js part: `Validator` of form-js-viewer 2.0.0. No blank required text, rules in FEEL, no control
characters, no past dates, hard lengths and safe integers are our additions, made on the browser's
side by app/client/src/islands/form/rules.ts; the two change together. Options need no rule there:
form-js drops a choice that is not offered.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from forms import patterns
from forms.messages import Fault
from forms.schema import MULTIPLE, SINGLE, TEXTS, Component
from forms.scope import Scope
from forms.values import is_scalar, read_moment, same

MAX_LENGTH = {"textfield": 1_000, "textarea": 10_000}  # UTF-16 units, when the form says no less
MAX_NUMBER = 2**53 - 1  # beyond it a browser rounds

_PHONE = re.compile(
    r"(\+|00)(297|93|244|1264|358|355|376|971|54|374|1684|1268|61|43|994|257|32|229|226|880|359|973"
    r"|1242|387|590|375|501|1441|591|55|1246|673|975|267|236|1|61|41|56|86|225|237|243|242|682|57|"
    r"269|238|506|53|5999|61|1345|357|420|49|253|1767|45|1809|1829|1849|213|593|20|291|212|34|372|"
    r"251|358|679|500|33|298|691|241|44|995|44|233|350|224|590|220|245|240|30|1473|299|502|594|1671"
    r"|592|852|504|385|509|36|62|44|91|246|353|98|964|354|972|39|1876|44|962|81|76|77|254|996|855|"
    r"686|1869|82|383|965|856|961|231|218|1758|423|94|266|370|352|371|853|590|212|377|373|261|960|52"
    r"|692|389|223|356|95|382|976|1670|258|222|1664|596|230|265|60|262|264|687|227|672|234|505|683|31"
    r"|47|977|674|64|968|92|507|64|51|63|680|675|48|1787|1939|850|351|595|970|689|974|262|40|7|250|"
    r"966|249|221|65|500|4779|677|232|503|378|252|508|381|211|239|597|421|386|46|268|1721|248|963|"
    r"1649|235|228|66|992|690|993|670|676|1868|216|90|688|886|255|256|380|598|1|998|3906698|379|1784"
    r"|58|1284|1340|84|678|681|685|967|27|260|263)(9[976]\d|8[987530]\d|6[987]\d|5[90]\d|42\d|"
    r"3[875]\d|2[98654321]\d|9[8543210]|8[6421]|6[6543210]|5[87654321]|4[987654310]|3[9643210]|2[70]|"
    r"7|1)\d{4,20}\Z",
    re.ASCII,
)
_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
_EMAIL = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]+@{_LABEL}(?:\.{_LABEL})*\Z")
# C0 but tab and line ends, DEL, and halves of surrogate pairs, which no database stores as UTF-8.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CONTROL_IN_LINE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


def faults(component: Component, value: Any, scope: Scope) -> list[Fault]:
    """All that is wrong with the value of a visible field; value: as `values` gave it."""
    checks = [_required, *_CHECKS.get(component["type"], ()), _own_rule]
    return [fault for check in checks for fault in check(component, value, scope)]


def units(text: str) -> int:
    """Length as a browser counts it, in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def options(component: Component, scope: Scope) -> list[Any]:
    """The values a person can choose from; an unusable entry is left out, as in form-js."""
    if "valuesKey" in component:
        listed = scope.opened.get(component["valuesKey"])
    elif "values" in component:
        listed = component["values"]
    else:
        listed = scope.resolved(component.get("valuesExpression"))
    return [_option(entry) for entry in listed if entry] if isinstance(listed, list) else []


def _required(component: Component, value: Any, scope: Scope) -> Iterator[Fault]:
    condition = _property(component, "required_if")
    if _is_empty(value) and (_rule(component, "required") or scope.resolved(condition) is True):
        yield Fault("required")


def _own_rule(component: Component, value: Any, scope: Scope) -> Iterator[Fault]:
    """A rule is asked of a field that is filled in, and null is no yes."""
    rule = _property(component, "rule")
    if rule is not None and not _is_empty(value) and scope.resolved(rule) is not True:
        yield Fault("rule", own_text=_property(component, "rule_message") or None)


def _is_empty(value: Any) -> bool:
    is_blank = isinstance(value, str) and not value.strip(patterns.SPACE)
    return is_blank or value in (None, []) or value is False


def _number(component: Component, value: Any, scope: Scope) -> Iterator[Fault]:
    if value is None:
        return
    if abs(value) > MAX_NUMBER:
        code, bound = ("max", MAX_NUMBER) if value > 0 else ("min", -MAX_NUMBER)
        yield Fault(code, {"value": str(bound)})
        return
    number = Decimal(repr(value))
    yield from _decimals(component.get("decimalDigits"), number)
    if component.get("increment"):
        yield from _increment(Decimal(str(component["increment"])), number)
    yield from _bound("min", scope.resolved(_rule(component, "min")), lambda bound: number < bound)
    yield from _bound("max", scope.resolved(_rule(component, "max")), lambda bound: number > bound)


def _decimals(allowed: int | None, number: Decimal) -> Iterator[Fault]:
    exponent = number.normalize().as_tuple().exponent
    if allowed is None or not isinstance(exponent, int) or -exponent <= allowed:
        return
    if allowed > 1:
        yield Fault("decimals", {"value": str(allowed)})
    else:
        yield Fault("one_decimal" if allowed else "integer")


def _increment(step: Decimal, number: Decimal) -> Iterator[Fault]:
    offset = number % step
    if offset:
        below = number - offset
        named = {"previousValue": _plain(below), "nextValue": _plain(below + step)}
        yield Fault("increment", named)


def _bound(code: str, bound: Any, is_beyond: Callable[[Decimal], bool]) -> Iterator[Fault]:
    if bound is None:
        return
    if not _is_number(bound):
        yield Fault(f"{code}_invalid")
    elif is_beyond(Decimal(str(bound))):
        yield Fault(code, {"value": _plain(Decimal(str(bound)))})


def _text(component: Component, value: Any, scope: Scope) -> Iterator[Fault]:
    if not value:
        return
    control = _CONTROL_IN_LINE if component["type"] == "textfield" else _CONTROL
    if control.search(value):
        yield Fault("characters")
    hard_limit = MAX_LENGTH[component["type"]]
    if units(value) > hard_limit:
        yield Fault("max_length", {"value": str(hard_limit)})
        return  # what follows is sized for less
    yield from _length(component, units(value.strip(patterns.SPACE)), scope)
    yield from _format(component, value)


def _length(component: Component, length: int, scope: Scope) -> Iterator[Fault]:
    least = scope.resolved(_rule(component, "minLength"))
    most = scope.resolved(_rule(component, "maxLength"))
    if _is_number(least) and length < least:
        yield Fault("min_length", {"value": _plain(Decimal(str(least)))})
    if _is_number(most) and length > most:
        yield Fault("max_length", {"value": _plain(Decimal(str(most)))})


def _format(component: Component, value: str) -> Iterator[Fault]:
    pattern = _rule(component, "pattern")
    if pattern and not patterns.matches(pattern, value):
        yield Fault("pattern", {"value": pattern}, _rule(component, "patternErrorMessage"))
    kind = _rule(component, "validationType")
    if kind == "phone" and not _PHONE.search(value):
        yield Fault("phone")
    if kind == "email" and not _EMAIL.match(value):
        yield Fault("email")


def _moment(component: Component, value: Any, scope: Scope) -> Iterator[Fault]:
    if value is None:
        return
    subtype = component.get("subtype", "date")
    moment = read_moment(value, subtype)
    if component.get("disallowPassedDates") and subtype != "time":
        local = moment.astimezone(scope.now.tzinfo) if moment.tzinfo else moment
        if local.date() < scope.now.date():
            yield Fault("past")


def _option_of(component: Component, value: Any, scope: Scope) -> Iterator[Fault]:
    chosen = value if isinstance(value, list) else [] if value is None else [value]
    offered = options(component, scope) if chosen else []
    if not all(any(same(item, option) for option in offered) for item in chosen):
        yield Fault("option")


def _option(entry: Any) -> Any:
    value = entry.get("value") if isinstance(entry, dict) else entry
    return value if is_scalar(value) else None


def _rule(component: Component, name: str) -> Any:
    return (component.get("validate") or {}).get(name)


def _property(component: Component, name: str) -> Any:
    return (component.get("properties") or {}).get(name)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


_Check = Callable[[Component, Any, Scope], Iterator[Fault]]
_CHECKS: dict[str, tuple[_Check, ...]] = {
    **dict.fromkeys(TEXTS, (_text,)),
    **dict.fromkeys(SINGLE | MULTIPLE, (_option_of,)),
    "number": (_number,),
    "datetime": (_moment,),
}
