"""How many parts an SMS takes: networks carry and bill each of them.

3GPP TS 23.038: a text in UCS-2 takes 70 units, or 67 in each part of a longer one; one in the
GSM alphabet 160, or 153.
"""

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà"
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
_EXTENSION = frozenset("[]{}|^~\\€")  # two units each


def parts(text: str) -> int:
    """The number of parts of a text."""
    is_gsm = set(text) <= GSM | _EXTENSION
    if is_gsm:
        units = len(text) + sum(sign in _EXTENSION for sign in text)
    else:
        units = len(text.encode("utf-16-be", "surrogatepass")) // 2
    one, each = (160, 153) if is_gsm else (70, 67)
    return 1 if units <= one else -(-units // each)
