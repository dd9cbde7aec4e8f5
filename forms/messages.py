"""What is said to a person about an answer, in Chinese and English.

The texts stand in messages.json, which the browser reads too: one wording on both sides. `form_js`
there is the text form-js asks to have translated.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]

_TEXTS: Mapping[str, Mapping[str, str]] = json.loads(
    Path(__file__).with_name("messages.json").read_text("utf-8")
)


@dataclass(frozen=True)
class Fault:
    """One reason why an answer is refused: a code of messages.json and what its text names."""

    code: str
    named: Mapping[str, str] = field(default_factory=dict)
    own_text: str | None = None
    """The form's own wording, which goes before ours."""

    def text(self, language: Language = "zh") -> str:
        return self.own_text or _TEXTS[self.code][language].format(**self.named)
