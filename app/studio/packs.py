"""A process as one file: a zip of its diagram, forms, decisions, notices and scenarios, with a
manifest that says what they are and proves that none was changed on the way.

No XML is ever rewritten: what another tool drew leaves byte for byte as it came.
"""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from app.processes.models import Process, Publication
from app.processes.signing import public_key
from app.studio import content
from app.studio.content import LARGEST, MOST, Content
from app.studio.uploads import File, Upload, json_of
from bpmn.bundle import Finding, Refused

FORMAT = "huizhen-process-1"
MANIFEST, NOTICES, SCENARIOS = "manifest.json", "notices.json", "scenarios.json"
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the same content makes the same file
_KINDS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})


def of_publication(publication: Publication) -> bytes:
    """A version, with the signature under it and the key that proves it."""
    said = {
        "number": publication.number,
        "signature": publication.signature,
        "public_key": public_key(),
    }
    held = content.of_bundle(publication.version.bundle(), publication.scenarios)
    return _zip(publication.process, held, said)


def of_draft(process: Process, held: Content) -> bytes:
    """A draft, which has no number."""
    return _zip(process, held, {})


def read(files: Sequence[File], base: Content) -> Content:
    """A whole pack, or plain files that replace those of the same id in `base`.

    Raises Refused with everything that is wrong, Invalid and TooLarge for what is no content.
    """
    if len(files) == 1 and PurePosixPath(files[0][0]).suffix.lower() == ".zip":
        return _unpacked(files[0][1])
    upload = Upload()
    upload.take_all(files)
    return base.with_part(
        {
            "diagram": upload.diagrams[0] if upload.diagrams else base.diagram,
            "forms": {**base.forms, **upload.forms},
            "decisions": {**base.decisions, **upload.decisions},
        }
    )


def _zip(process: Process, held: Content, said: Mapping[str, Any]) -> bytes:
    files = {name: text.encode() for name, text in _texts(process.key, held).items()}
    manifest = {
        "format": FORMAT,
        "key": process.key,
        "name": process.name,
        **said,
        "digest": held.bundle().digest(),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in {MANIFEST: _json(manifest).encode(), **files}.items():
            packed.writestr(zipfile.ZipInfo(name, _MOMENT), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _texts(key: str, held: Content) -> dict[str, str]:
    """Name -> text of each file."""
    files = {f"{key}.bpmn": held.diagram}
    files |= {f"{name}.form": _json(form) for name, form in held.forms.items()}
    files |= {f"{name}.dmn": xml for name, xml in held.decisions.items()}
    if held.notices:
        files[NOTICES] = _json(held.notices)
    if held.scenarios:
        files[SCENARIOS] = _json(held.scenarios)
    return files


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _unpacked(data: bytes) -> Content:
    """The content of a zip, taken only if it is exactly what its manifest says."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            files = _members(packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise _refused("pack-broken", "文件已损坏", "the file is damaged") from error
    manifest = json_of(_text(files.pop(MANIFEST, b""), MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        zh, en = "没有流程包的清单 manifest.json", "there is no manifest.json of a process pack"
        raise _refused("pack-manifest", zh, en)
    _compare(files, manifest.get("files"))
    held = content.read(_content(files))
    if held.bundle().digest() != manifest.get("digest"):
        zh, en = "内容与清单中的摘要不符", "the content is not the one of the manifest's digest"
        raise _refused("pack-digest", zh, en)
    return held


def _members(packed: zipfile.ZipFile) -> dict[str, bytes]:
    """What is inside, nothing being unpacked that is too large, hidden or outside."""
    inside = packed.infolist()
    if len(inside) > 2 * MOST or sum(one.file_size for one in inside) > LARGEST:
        zh, en = (
            f"展开后超过 {LARGEST} 字节或文件太多",
            f"it holds over {LARGEST} bytes, or too many files",
        )
        raise _refused("pack-too-large", zh, en)
    for one in inside:
        is_plain = one.filename == PurePosixPath(one.filename).name and "\\" not in one.filename
        if not is_plain or one.flag_bits & 1 or one.compress_type not in _KINDS:
            zh, en = "含有文件夹、路径或加密的内容", "it holds folders, paths or encrypted files"
            raise _refused("pack-path", zh, en, one.filename)
    files = {one.filename: packed.read(one) for one in inside}
    if len(files) < len(inside):
        raise _refused("pack-twice", "同名文件出现两次", "a file is in it twice")
    return files


def _compare(files: Mapping[str, bytes], listed: Any) -> None:
    listed = listed if isinstance(listed, dict) else {}
    findings = []
    for name in sorted(files.keys() | listed.keys()):
        if name not in listed:
            zh, en = "清单中没有这个文件", "the manifest does not list this file"
            findings.append(_finding("pack-foreign-file", zh, en, name))
        elif name not in files:
            zh, en = "清单中的文件不在包里", "a file of the manifest is not in the pack"
            findings.append(_finding("pack-missing-file", zh, en, name))
        elif hashlib.sha256(files[name]).hexdigest() != listed[name]:
            zh, en = "文件与清单中的校验值不符", "the file does not match the manifest's checksum"
            findings.append(_finding("pack-hash", zh, en, name))
    if findings:
        raise Refused(tuple(findings))


def _content(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The files by what their names say, as JSON that `content.read` judges."""
    found: dict[str, Any] = {"forms": {}, "decisions": {}}
    for name, data in files.items():
        path, text = PurePosixPath(name), _text(data, name)
        kind = path.suffix.lower()
        if kind == ".bpmn" and "diagram" not in found:
            found["diagram"] = text
        elif kind == ".form":
            found["forms"][path.stem] = json_of(text)
        elif kind == ".dmn":
            found["decisions"][path.stem] = text
        elif name in (NOTICES, SCENARIOS):
            found[path.stem] = json_of(text)
        else:
            zh, en = "流程包里不应有这个文件", "a process pack holds no such file"
            raise _refused("pack-foreign-file", zh, en, name)
    return found


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        zh, en = "文件不是 UTF-8 编码", "the file is not in UTF-8"
        raise _refused("file-encoding", zh, en, name) from None


def _refused(rule: str, zh: str, en: str, name: str = "") -> Refused:
    return Refused((_finding(rule, zh, en, name),))


def _finding(rule: str, zh: str, en: str, name: str) -> Finding:
    return Finding("", str(name)[:100], rule, zh, en)
