"""String functions (10.3.4.3). Lengths and positions count characters, also beyond the BMP."""

from decimal import Decimal

from bpmn.feel import regex
from bpmn.feel.functions.signature import builtin
from bpmn.feel.run import Failure, Run


@builtin("substring(string: string, start position: number, length?: number)")
def substring(string: str, start: Decimal, length: Decimal | None = None) -> str:
    """From 1, or from the end if negative."""
    size = len(string)
    if not 1 <= abs(start) <= size:
        raise Failure("起始位置超出文本", "the start lies outside of the string")
    first = int(start) - 1 if start > 0 else size + int(start)
    if length is None:
        return string[first:]
    if length < 1:
        raise Failure("长度须大于零", "the length must be positive")
    return string[first : first + int(min(length, Decimal(size)))]


@builtin("string length(string: string)")
def string_length(string: str) -> Decimal:
    return Decimal(len(string))


@builtin("upper case(string: string)")
def upper_case(string: str) -> str:
    return string.upper()


@builtin("lower case(string: string)")
def lower_case(string: str) -> str:
    return string.lower()


@builtin("substring before(string: string, match: string)")
def substring_before(string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@builtin("substring after(string: string, match: string)")
def substring_after(string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@builtin("contains(string: string, match: string)")
def contains(string: str, match: str) -> bool:
    return match in string


@builtin("starts with(string: string, match: string)")
def starts_with(string: str, match: str) -> bool:
    return string.startswith(match)


@builtin("ends with(string: string, match: string)")
def ends_with(string: str, match: str) -> bool:
    return string.endswith(match)


@builtin("matches(input: string, pattern: string, flags?: string | null)")
def matches(string: str, pattern: str, flags: str | None = None) -> bool:
    return regex.compiled(pattern, flags or "").search(string) is not None


@builtin("replace(input: string, pattern: string, replacement: string, flags?: string | null)")
def replace(run: Run, string: str, pattern: str, replacement: str, flags: str | None = None) -> str:
    return regex.replace(run, string, pattern, replacement, flags or "")


@builtin("split(string: string, delimiter: string)")
def split(run: Run, string: str, delimiter: str) -> list[str]:
    return regex.split(run, string, delimiter)


@builtin("string join(list: list, delimiter?: string | null)")
def string_join(run: Run, items: list[str | None], delimiter: str | None = None) -> str:
    """Nulls are left out."""
    if any(item is not None and type(item) is not str for item in items):
        raise Failure("列表中有非文本的值", "the list holds something else than strings")
    texts = [item for item in items if item is not None]
    size = sum(map(len, texts)) + len(delimiter or "") * len(texts)
    run.room(size, run.limits.text)
    return (delimiter or "").join(texts)
