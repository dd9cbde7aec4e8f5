"""Drawings that stand for a patient's records. Nobody was examined to make them."""

import io
import math
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

Colour = int | tuple[int, int, int]
PAPER, INK, MARK = (252, 251, 247), (38, 44, 52), (150, 40, 34)
# 示 and 例 as strokes in a box of 100, so that no font with Chinese characters is needed.
GLYPHS = (
    (
        *((22, 18, 78, 18), (8, 42, 92, 42), (50, 42, 50, 92, 40, 86)),
        *((30, 56, 14, 80), (70, 56, 88, 78)),
    ),
    (
        *((24, 8, 6, 50), (17, 34, 17, 94)),
        *((30, 18, 68, 18), (48, 18, 32, 56), (42, 40, 64, 40, 54, 70, 32, 92), (42, 56, 54, 68)),
        *((76, 22, 76, 66), (92, 8, 92, 92, 82, 84)),
    ),
)


@cache
def chest() -> bytes:
    """A phantom that reads as a chest film: lungs, ribs, spine, heart."""
    size = (1000, 1100)
    film = Image.new("L", size, 26)
    draw = ImageDraw.Draw(film)
    draw.rounded_rectangle((90, 120, 910, 1090), 260, fill=128)
    for box in ((190, 210, 460, 900), (540, 210, 810, 900)):
        draw.ellipse(box, fill=52)
    draw.rectangle((468, 80, 532, 1090), fill=176)
    draw.ellipse((400, 520, 720, 880), fill=150)
    for number in range(8):
        top = 230 + number * 78
        for left, start, end in ((150, 180, 320), (520, 220, 360)):
            draw.arc((left, top, left + 330, top + 190), start, end, fill=118, width=12)
    film = film.filter(ImageFilter.GaussianBlur(11))
    film = ImageChops.add(film, Image.effect_noise(size, 26), scale=1.35, offset=-40)
    film = film.filter(ImageFilter.GaussianBlur(1.2))
    draw = ImageDraw.Draw(film)
    _example(draw, (40, 30), 64, 225)
    draw.text((900, 40), "R", font=_font(48), fill=225)
    draw.text((40, 1040), "PHANTOM, NOT A PATIENT", font=_font(26), fill=190)
    return _jpeg(film)


@cache
def electrocardiogram() -> bytes:
    """Six leads on squared paper, drawn from a formula."""
    sheet = Image.new("RGB", (1400, 900), (255, 244, 240))
    draw = ImageDraw.Draw(sheet)
    for step, colour in ((10, (250, 222, 214)), (50, (238, 186, 174))):
        for x in range(0, sheet.width, step):
            draw.line((x, 0, x, sheet.height), fill=colour)
        for y in range(0, sheet.height, step):
            draw.line((0, y, sheet.width, y), fill=colour)
    for number, lead in enumerate(("I", "II", "V1", "V2", "V4", "V6")):
        middle = 190 + number * 118
        raised = 0.2 if lead.startswith("V") else 0.02
        points = [(x, middle - 90 * _beat(x / 190, raised)) for x in range(70, 1370)]
        draw.line(points, fill=INK, width=2)
        draw.text((24, middle - 60), lead, font=_font(26), fill=INK)
    _example(draw, (30, 20), 56, MARK)
    draw.text((190, 38), "25 mm/s   10 mm/mV   SYNTHETIC", font=_font(28), fill=INK)
    return _jpeg(sheet)


@cache
def laboratory() -> bytes:
    """A slip with a few values, some out of range."""
    sheet = Image.new("RGB", (900, 1160), PAPER)
    draw = ImageDraw.Draw(sheet)
    _example(draw, (60, 50), 72, MARK)
    draw.text((280, 66), "LABORATORY REPORT", font=_font(38), fill=INK)
    draw.line((60, 160, 840, 160), fill=INK, width=3)
    rows = (
        ("WBC", "11.2", "H", "3.5 - 9.5", "10^9/L"),
        ("HGB", "134", "", "115 - 150", "g/L"),
        ("PLT", "221", "", "125 - 350", "10^9/L"),
        ("hs-TnI", "1.42", "H", "< 0.04", "ng/mL"),
        ("CK-MB", "38", "H", "0 - 24", "U/L"),
        ("NT-proBNP", "912", "H", "< 300", "pg/mL"),
        ("K", "4.1", "", "3.5 - 5.3", "mmol/L"),
        ("Cr", "78", "", "41 - 81", "umol/L"),
        ("D-Dimer", "0.31", "", "< 0.55", "mg/L"),
    )
    for number, row in enumerate(rows):
        y = 200 + number * 84
        for x, text in zip((70, 310, 430, 500, 690), row, strict=True):
            draw.text((x, y), text, font=_font(32), fill=MARK if row[2] and x < 500 else INK)
        draw.line((60, y + 60, 840, y + 60), fill=(205, 205, 200))
    draw.text((70, 1060), "SAMPLE DATA, NOT A PATIENT", font=_font(28), fill=INK)
    turned = sheet.rotate(-0.8, Image.Resampling.BICUBIC, fillcolor=(206, 208, 210))
    return _jpeg(turned)


def _beat(position: float, raised: float) -> float:
    """Millivolts of one heart's cycle; raised: of the ST segment."""
    at = position % 1
    waves = ((0.18, 0.12, 0.03), (0.335, -0.12, 0.008), (0.36, 1.0, 0.012), (0.385, -0.25, 0.01),
             (0.62, 0.3, 0.055), (0.48, raised, 0.075))  # fmt: skip
    return sum(
        height * math.exp(-(((at - middle) / width) ** 2)) for middle, height, width in waves
    )


def _example(draw: ImageDraw.ImageDraw, at: tuple[int, int], size: int, colour: Colour) -> None:
    """Write 示例."""
    for number, glyph in enumerate(GLYPHS):
        left = at[0] + number * size * 1.08
        for stroke in glyph:
            points = [
                (left + stroke[i] * size / 100, at[1] + stroke[i + 1] * size / 100)
                for i in range(0, len(stroke), 2)
            ]
            draw.line(points, fill=colour, width=max(3, size // 14), joint="curve")


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()
