"""Context functions (10.3.4.11)."""

from bpmn.feel.functions.signature import builtin
from bpmn.feel.run import Failure
from bpmn.feel.values import Value


@builtin("get value(m: context, key: string)")
def get_value(context: dict[str, Value], key: str) -> Value:
    return context.get(key)


@builtin("get entries(m: context)")
def get_entries(context: dict[str, Value]) -> list[Value]:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list)")
def context(entries: list[Value]) -> dict[str, Value]:
    """The reverse of `get entries`; no key may come twice."""
    made: dict[str, Value] = {}
    for entry in entries:
        if type(entry) is not dict or not {"key", "value"} <= entry.keys():
            raise Failure("每项须有 key 与 value", "each entry needs a key and a value")
        if type(entry["key"]) is not str or entry["key"] in made:
            raise Failure("key 不是文本或重复", "a key is no string or comes twice")
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put(context: context, key: string, value: any)")
def put(context: dict[str, Value], key: str, value: Value) -> dict[str, Value]:
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: any)")
def put_deep(context: dict[str, Value], keys: list[Value], value: Value) -> dict[str, Value]:
    """At the end of a path of keys, through contexts that are made where they are missing."""
    if not keys or any(type(key) is not str for key in keys):
        raise Failure("keys 不是文本列表", "keys is no list of strings")
    path = [context]
    for key in keys[:-1]:
        inner = path[-1].get(key, {})
        if type(inner) is not dict:
            raise Failure(f"“{key}”不是上下文", f'"{key}" is no context')
        path.append(inner)
    for outer, key in zip(reversed(path), reversed(keys), strict=True):
        value = {**outer, key: value}
    return dict(value)


@builtin("context merge(contexts: list)")
def merge(contexts: list[Value]) -> dict[str, Value]:
    made: dict[str, Value] = {}
    for item in contexts:
        if type(item) is not dict:
            raise Failure("列表中有非上下文的值", "the list holds something else than contexts")
        made.update(item)
    return made
