"""The files somebody chose. Looks at their shape; checks judge the content."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from bpmn import dmn
from bpmn.bundle import Finding, Refused
from bpmn.diagram import LARGEST_XML

MOST_FILES = 60
DEEPEST = 40  # levels of JSON; a form needs a dozen, and Python's own walks end at some hundred
_ID = re.compile(r"[\w.-]{1,64}")

File = tuple[str, bytes]


class Upload:
    """What the files held so far, and what was wrong with them.

    A form is known by its `id`, a decision by the ids in its file.
    """

    def __init__(self) -> None:
        self.diagrams: list[str] = []
        self.forms: dict[str, dict[str, Any]] = {}
        self.decisions: dict[str, str] = {}
        self.findings: list[Finding] = []

    def take_all(self, files: Sequence[File]) -> None:
        """Raises Refused with everything that is wrong with the files."""
        for name, data in files[:MOST_FILES]:
            self.take(name, data)
        if len(files) > MOST_FILES:
            zh, en = f"最多上传 {MOST_FILES} 个文件", f"at most {MOST_FILES} files can be uploaded"
            self.refuse("", "too-many-files", zh, en)
        if not files:
            zh, en = "请选择流程图、表单或决策文件", "choose a diagram, forms or decisions"
            self.refuse("", "no-file", zh, en)
        if self.findings:
            raise Refused(tuple(self.findings))

    def take(self, name: str, data: bytes) -> None:
        kinds = {".bpmn": self._diagram, ".form": self._form, ".dmn": self._decision}
        take = kinds.get(PurePosixPath(name).suffix.lower())
        text = text_of(data)
        if take is None:
            zh, en = "只接受 .bpmn、.form 和 .dmn 文件", "only .bpmn, .form and .dmn are taken"
            self.refuse(name, "file-kind", zh, en)
        elif len(data) > LARGEST_XML:
            zh, en = f"文件超过 {LARGEST_XML} 字节", f"the file is over {LARGEST_XML} bytes"
            self.refuse(name, "file-too-large", zh, en)
        elif text is None:
            self.refuse(name, "file-encoding", "文件不是 UTF-8 编码", "the file is not in UTF-8")
        else:
            take(name, text)

    def _diagram(self, name: str, text: str) -> None:
        if self.diagrams:
            zh, en = "一次只能上传一个流程图", "one diagram can be uploaded at a time"
            self.refuse(name, "several-diagrams", zh, en)
        self.diagrams.append(text)

    def _form(self, name: str, text: str) -> None:
        form = json_of(text)
        if not isinstance(form, dict):
            zh, en = (
                "不是 JSON 表单，或者嵌套太深",
                "this is no form in JSON, or is nested too deep",
            )
            self.refuse(name, "form-json", zh, en)
        elif self._is_new(name, form.get("id"), self.forms):
            self.forms[form["id"]] = form

    def _decision(self, name: str, text: str) -> None:
        try:
            ids = dmn.ids(text)
        except dmn.DmnError as fault:
            self.refuse(name, "bad-decision", fault.zh, fault.en)
            return
        for one in ids:
            if self._is_new(name, one, self.decisions):
                self.decisions[one] = text

    def _is_new(self, name: str, own_id: object, known: Mapping[str, object]) -> bool:
        if not isinstance(own_id, str) or not _ID.fullmatch(own_id):
            zh = "标识（id）须由文字、数字、点、横线组成，最多 64 个字"
            en = "its id must be letters, digits, dots and hyphens, at most 64"
            self.refuse(name, "file-id", zh, en)
            return False
        if own_id in known:
            zh, en = f"标识“{own_id}”在别的文件中已有", f"another file has the id {own_id!r} too"
            self.refuse(name, "duplicate-id", zh, en)
            return False
        return True

    def refuse(self, name: str, rule: str, zh: str, en: str) -> None:
        """Note what is wrong with a file, or with all of them."""
        self.findings.append(Finding("", name[:100], rule, zh, en))


def text_of(data: bytes) -> str | None:
    """The text of a file, None if it is not in UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def json_of(text: str) -> Any:
    """The value, or None if it cannot be read or is nested deeper than anything here may be."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return None if is_nested_deeper(value, DEEPEST) else value


def is_nested_deeper(value: Any, levels: int) -> bool:
    """Whether JSON holds anything further inside than so many levels."""
    level: list[Any] = [value]
    for _ in range(levels):
        level = [inner for outer in level for inner in _inside(outer)]
    return bool(level)


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value
