"""What an upload really is, and the same without what it should not carry.

Run as a program of its own, bounded in time and memory, because a file from outside may be made
to hang or fill whoever opens it: bytes on standard input; on success one line of JSON and the
cleaned bytes on standard output, otherwise exit 2 and a reason's code. Imports nothing of ours.
"""

import io
import json
import resource
import sys
from dataclasses import asdict, dataclass
from typing import Any

from PIL import Image, ImageOps

MOST_PIXELS = 80_000_000
MOST_PAGES = 300
MEMORY = 2_000_000_000  # bytes of address space
SECONDS = 20  # of CPU


class Unfit(Exception):
    """Not something that is taken. The code is one of app.records.actions.REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Found:
    """What a file is. width and height in pixels."""

    media_type: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None


def inspect(data: bytes) -> tuple[Found, bytes]:
    """Tell what it is by its content and clean it: EXIF, comments, scripts and attachments go.

    Raises Unfit.
    """
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return _image(data)
    raise Unfit("kind")


def _image(data: bytes) -> tuple[Found, bytes]:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Unfit("pixels")
            image.load()
            return _cleaned(image)
    except Image.DecompressionBombError as error:
        raise Unfit("pixels") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Unfit("damaged") from error


def _cleaned(image: Image.Image) -> tuple[Found, bytes]:
    kind = image.format or ""
    upright = ImageOps.exif_transpose(image)  # the orientation goes with the EXIF, so apply it
    turned = upright.size != image.size or image.getexif().get(0x0112, 1) != 1
    if turned:
        image = upright
    out = io.BytesIO()
    options: dict[str, Any] = {"exif": b""}
    if profile := image.info.get("icc_profile"):
        options["icc_profile"] = profile
    if kind == "JPEG":
        # The same tables as before: nothing visible is lost.
        options.update({"quality": 95} if turned else {"quality": "keep", "subsampling": "keep"})
        options["comment"] = b""
    image.save(out, kind, **options)
    return Found(f"image/{kind.lower()}", image.width, image.height), out.getvalue()


def _pdf(data: bytes) -> tuple[Found, bytes]:
    from pypdf import PdfReader, PdfWriter  # a third of this program's time; images need it not

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise Unfit("encrypted")
        pages = len(reader.pages)
        if not 0 < pages <= MOST_PAGES:
            raise Unfit("pages")
        writer = PdfWriter()
        for page in reader.pages:  # the pages alone: no scripts, attachments, actions or forms
            page.pop("/AA", None)
            page.pop("/Annots", None)
            writer.add_page(page)
        writer.metadata = None
        out = io.BytesIO()
        writer.write(out)
    except Unfit:
        raise
    except Exception as error:  # pypdf raises many kinds on a damaged file
        raise Unfit("damaged") from error
    return Found("application/pdf", pages=pages), out.getvalue()


def main() -> int:
    """The program."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        found, cleaned = inspect(sys.stdin.buffer.read())
    except Unfit as unfit:
        sys.stdout.write(unfit.code)
        return 2
    except MemoryError:
        sys.stdout.write("pixels")
        return 2
    sys.stdout.buffer.write(json.dumps(asdict(found)).encode() + b"\n" + cleaned)
    return 0


if __name__ == "__main__":
    sys.exit(main())
