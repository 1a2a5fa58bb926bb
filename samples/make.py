"""Makes the faxes and letters of this folder: made-up people, numbers and matters.

Run it again after a change: ``python samples/make.py``. The same text gives the same files. Needs
the DejaVu fonts (Debian: fonts-dejavu-core).
"""

import json
import time
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageFont

HERE = Path(__file__).parent
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
LONG_AGO = time.gmtime(0)

FAX_SIZE, FAX_DPI = (1728, 2291), (204, 196)
"""A4 at fine resolution (ITU-T T.4)."""
SCAN_SIZE, SCAN_DPI = (1654, 2339), (200, 200)

KASKO = """\
Ornek Sigorta A.Ş.
Müşteri Hizmetleri Departmanı

Tarih: 20.11.2026
Konu: Kasko hasar ödemesinin gecikmesi

Sayın yetkili,

34 ORN 34 plakalı aracımın 12.10.2026 tarihindeki kazası için
8800123 numaralı hasar dosyası açıldı. Eksper raporu 20.10.2026
günü tamamlandı; buna rağmen 42.750,00 TL tutarındaki ödeme
bugüne kadar yapılmadı. Çağrı merkezinizi üç kez aradım, her
seferinde "incelemede" denildi.

Ödemenin ne zaman yapılacağının yazılı olarak bildirilmesini,
gecikme için faiz hesaplanmasını talep ediyorum.

Poliçe no: 310045678901
T.C. kimlik no: 10000000146
Telefon: 0555 000 12 34
E-posta: ayse.ornek@example.test

Saygılarımla,
Ayşe Örnek"""

IPTAL = """\
ÖRNEK SİGORTA A.Ş. GENEL MÜDÜRLÜĞÜ'NE

Konu: Konut poliçesinin iptali ve prim iadesi

420098765432 numaralı konut poliçemi 03.11.2026 tarihinde satış
nedeniyle iptal ettirdim. Şubenizden iptal zeyli verildi, ancak
kalan primim olan 1.860,50 TL hesabıma yatırılmadı.

İade için IBAN: TR33 0006 1005 1978 6457 8413 26

Ekte iptal zeylinin bir örneği vardır (1 sayfa).

Mehmet Deneme
Tel: 0555 000 45 67"""

IPTAL_EK = """\
EK-1: İPTAL ZEYLİ (ÖRNEK)

Poliçe no        : 420098765432
Zeyil no         : 1
Zeyil tarihi     : 03.11.2026
İade edilecek    : 1.860,50 TL

Bu belge örnek olarak hazırlanmıştır."""

TESEKKUR = """\
Konu: Teşekkür

18 Kasım gecesi yolda kaldığımda asistans ekibiniz kırk dakikada
geldi, çekici sürücüsü çok yardımcı oldu. İlginize teşekkür ederim.

Poliçe no: 310011122233

Zeynep Misal
0555 000 78 90"""

SAGLIK = """\
Örnek Sigorta A.Ş. Sağlık Provizyon Birimi

                                           Ankara, 16.11.2026

Konu: Reddedilen sağlık gideri

Tamamlayıcı sağlık poliçem kapsamında 09.11.2026 günü yapılan
tetkik için provizyon verilmedi. Gerekçe olarak bekleme süresi
gösterildi; oysa poliçem 2023 yılından beri kesintisizdir.
Kararın yeniden incelenmesini ve 3.420,00 TL tutarındaki giderin
ödenmesini istiyorum.

Poliçe no: 510033344455
T.C. kimlik no: 10000000078

Işıl Çığ
0555 000 11 22"""

KVKK = """\
ÖRNEK SİGORTA A.Ş.
Veri Sorumlusu Birimine

6698 sayılı Kanun'un 11. maddesi uyarınca, hakkımda hangi kişisel
verilerin işlendiğini ve kimlere aktarıldığını öğrenmek istiyorum.
Pazarlama amacıyla işlenen verilerimin silinmesini talep ederim.

Adı soyadı : Gökçe Ünlü Örnek
T.C. kimlik no : 10000000214
Tebligat adresi : Örnek Mah. Deneme Sok. No: 1, Üsküdar / İstanbul
Telefon : 0555 000 33 44

İmza"""


def page(text: str, size: tuple[int, int], *, point: int = 40) -> Image.Image:
    """A page in grey with the text upon it."""
    sheet = Image.new("L", size, 255)
    font = ImageFont.truetype(FONT, point)
    ImageDraw.Draw(sheet).multiline_text((140, 180), text, 0, font, spacing=point // 3)
    return sheet


def bilevel(text: str, size: tuple[int, int], **options: int) -> Image.Image:
    return page(text, size, **options).point(lambda grey: 255 if grey > 140 else 0).convert("1")


def fax(name: str, compression: str, sidecar: dict[str, Any], *texts: str) -> None:
    pages = [bilevel(text, FAX_SIZE) for text in texts]
    tiff(HERE / "fax" / f"{name}.tif", pages, FAX_DPI, compression)
    beside(HERE / "fax" / f"{name}.json", sidecar | {"pages": len(pages)})


def tiff(
    path: Path, pages: list[Image.Image], dpi: tuple[int, int], compression: str = "group4"
) -> None:
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=dpi, compression=compression)


def pdf(path: Path, *pages: Image.Image) -> None:
    pages[0].save(
        path,
        save_all=True,
        append_images=pages[1:],
        resolution=SCAN_DPI[0],
        creationDate=LONG_AGO,
        modDate=LONG_AGO,
    )


def beside(path: Path, sidecar: dict[str, Any]) -> None:
    path.write_text(json.dumps(sidecar, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def photograph(text: str) -> Image.Image:
    """As a phone would take it: soft, greyish, a little askew."""
    sheet = page(text, (1240, 1754), point=30).point(lambda grey: 30 + grey * 190 // 255)
    return sheet.rotate(1.2, Image.Resampling.BICUBIC, fillcolor=215).filter(
        ImageFilter.GaussianBlur(0.6)
    )


def faxes() -> None:
    ayse = {"number": "+905550001234", "name": "AYSE ORNEK", "time": "2026-11-20T10:42:15+03:00"}
    fax("kasko-odeme", "group4", ayse, KASKO)
    mehmet = {"number": "0555 000 45 67", "time": "23.11.2026 16:05"}
    fax("konut-iptal", "group3", mehmet, IPTAL, IPTAL_EK)
    zeynep = {"number": "+905550007890", "name": "Z MISAL", "time": "2026-11-24T09:12:40+03:00"}
    fax("tesekkur", "group4", zeynep, TESEKKUR)


def letters() -> None:
    folder = HERE / "post"
    pdf(folder / "kasko-dilekce.pdf", bilevel(KASKO, SCAN_SIZE, point=38))
    beside(folder / "kasko-dilekce.json", {"delivered_on": "2026-11-23"})
    enclosed = [bilevel(text, SCAN_SIZE, point=38) for text in (IPTAL, IPTAL_EK)]
    pdf(folder / "konut-iptal.pdf", *enclosed)
    beside(folder / "konut-iptal.json", {"delivered_on": "24.11.2026"})
    tiff(folder / "kvkk.tif", [bilevel(KVKK, SCAN_SIZE, point=38)], SCAN_DPI)
    beside(folder / "kvkk.json", {"delivered_on": "2026-11-24"})
    photograph(SAGLIK).save(folder / "saglik-itiraz.jpg", quality=55, dpi=(150, 150))
    beside(folder / "saglik-itiraz.json", {"delivered_on": "2026-11-24T09:30:00+03:00"})


if __name__ == "__main__":
    for name in ("fax", "post"):
        (HERE / name).mkdir(exist_ok=True)
    faxes()
    letters()
