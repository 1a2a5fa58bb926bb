"""Letters drawn for the tests: as images, faxes, PDFs with and without a true text layer."""

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFont

LETTER = (
    "ÖRNEK SİGORTA A.Ş.",
    "Müşteri Hizmetleri Birimi",
    "Konu: Hasar ödemesi hakkında",
    "Sayın Yetkili,",
    "Aracımın onarım bedeli bugüne kadar ödenmedi.",
    "Eksper raporunu ekte gönderiyorum ve dosyanın",
    "yeniden incelenmesini saygılarımla rica ederim.",
    "Telefon: 0555 000 12 34",
    "Ayşe ÖRNEKOĞLU",
)
GERMAN = (
    "Sehr geehrte Damen und Herren,",
    "am zweiten Januar habe ich den Schaden gemeldet,",
    "bis heute aber keine Antwort von Ihnen erhalten.",
    "Bitte teilen Sie mir mit, wann die Zahlung erfolgt.",
    "Mit freundlichen Grüßen",
)
PLAIN = (
    "Sayin Yetkili, aracimin onarim bedeli odenmedi.",
    "Eksper raporunu ekte gonderiyorum, dosyanin yeniden",
    "incelenmesini rica ederim. Telefon: 0555 000 12 34",
)


def page(lines: Sequence[str] = LETTER, *, dpi: int = 150, ink: int = 0) -> Image.Image:
    """An A4 page, grey."""
    image = Image.new("L", (int(8.27 * dpi), int(11.69 * dpi)), 255)
    font = ImageFont.truetype("DejaVuSans.ttf", int(dpi * 12 / 72))
    draw = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        draw.text((dpi, dpi + row * dpi * 0.32), line, fill=ink, font=font)
    return image


def fax(lines: Sequence[str] = LETTER, *, lines_per_inch: int = 98, turned: int = 0) -> Image.Image:
    """A class F page: 1728 pixels wide, black and white, a few specks."""
    sheet = page(lines, dpi=204).rotate(turned)
    sheet = sheet.resize((1728, int(11.69 * lines_per_inch)), Image.Resampling.LANCZOS)
    dots = np.array(sheet)
    chance = np.random.default_rng(7)
    dots[chance.random(dots.shape) < 0.0005] = 0
    return Image.fromarray(np.where(dots < 150, 0, 255).astype(np.uint8)).convert("1")


def scribbled() -> Image.Image:
    """Joined loops in rows, as handwriting is for a machine."""
    sheet = Image.new("L", (1654, 2339), 245)
    pen = ImageDraw.Draw(sheet)
    chance = np.random.default_rng(2)
    for row in range(12):
        at = np.arange(0, 1100)
        swing = np.cumsum(chance.normal(0, 1.5, at.size)) * 0.4
        x = 200 + at + 14 * np.sin(at / 6 + chance.uniform(0, 6))
        y = 300 + 110 * row + 18 * np.sin(at / 7) + np.clip(swing, -20, 20)
        pen.line(list(zip(x.tolist(), y.tolist(), strict=True)), fill=40, width=4)
    return sheet


def tiff(*pages: Image.Image, dpi: tuple[float, float] = (204, 98), fill_order: int = 1) -> bytes:
    out = BytesIO()
    pages[0].save(
        out, "TIFF", save_all=True, append_images=pages[1:], compression="group4", dpi=dpi,
        tiffinfo={266: fill_order},
    )  # fmt: skip
    return out.getvalue()


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def text_pdf(lines: Sequence[str] = PLAIN, *, lies: bool = False) -> bytes:
    """A born-digital PDF. With ``lies`` its font map gives other letters than one sees."""
    rows = "".join(f"({line}) Tj 0 -18 Td " for line in lines)
    content = f"BT /F 12 Tf 72 720 Td {rows} ET".encode("ascii")
    to_unicode = b" /ToUnicode 6 0 R" if lies else b""
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F 5 0 R >> >> >>",
        _stream(content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica" + to_unicode + b" >>",
        _stream(_shifted_map()),
    )


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF file of ``objects``, numbered from 1; the first is the catalogue."""
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table
        + b"trailer\n<< /Size %d /Root 1 0 R %b >>\n" % (size, trailer)
        + b"startxref\n%d\n%%%%EOF\n" % len(out)
    )  # fmt: skip


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content)


def _shifted_map() -> bytes:
    """A ToUnicode map in which every vowel is another one and consonants rotate."""
    vowels, others = "aeiou", "bcdfghjklmnprstvyz"
    pairs = [
        (letters[i], letters[(i + 2) % len(letters)])
        for letters in (vowels, others)
        for i in range(len(letters))
    ]
    rows = "\n".join(f"<{ord(a):02x}> <{ord(b):04x}>" for a, b in pairs)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(pairs)} beginbfchar\n{rows}\nendbfchar\nendcmap end end"
    ).encode("ascii")
