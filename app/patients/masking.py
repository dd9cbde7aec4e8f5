"""What may be shown of an identity where the whole is not needed (P-7)."""


def masked_name(name: str) -> str:
    """张三丰 -> 张**: the family name only."""
    return name[:1] + "*" * max(1, len(name) - 1)


def masked_id(number: str) -> str:
    """First and last four digits of an identity number."""
    return _masked(number, 4, 4)


def masked_phone(number: str) -> str:
    """First three and last four digits of a phone number."""
    return _masked(number, 3, 4)


def _masked(text: str, head: int, tail: int) -> str:
    if len(text) <= head + tail:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]
