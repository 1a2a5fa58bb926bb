"""What applicants write, by topic, and the shares in which things happen."""

from collections.abc import Mapping

NAMES = (
    *("Ayşe", "Fatma", "Emine", "Zeynep", "Elif", "Hatice", "Merve", "Selin", "Gizem", "Derya"),
    *("Mehmet", "Mustafa", "Ahmet", "Ali", "Hüseyin", "Hasan", "İbrahim", "Murat", "Ömer"),
    *("Yusuf", "Emre", "Burak", "Serkan", "Çağlar", "Iraz", "Şule"),
)
SURNAMES = (
    *("Deneme", "Örnekoğlu", "Taslak", "Numuneci", "Misal", "Denek", "Uydurma", "Varsayım"),
    *("Kurgu", "Temsili", "Hayali", "Örneksoy", "Denemez", "Taslakçı", "Numune", "Misaloğlu"),
    *("Kurgulu", "Temsil"),
)
PROVINCES = {
    "34": 31,
    "06": 11,
    "35": 9,
    "16": 6,
    "07": 6,
    "01": 4,
    "42": 4,
    "27": 3,
    "41": 4,
    "55": 2,
    "61": 2,
    "33": 3,
    "38": 2,
    "26": 2,
    "45": 2,
    "21": 2,
    "48": 2,
    "59": 2,
    "31": 2,
    "25": 1,
}
CITIES = {
    "34": "İstanbul",
    "06": "Ankara",
    "35": "İzmir",
    "16": "Bursa",
    "07": "Antalya",
    "01": "Adana",
    "42": "Konya",
    "27": "Gaziantep",
    "41": "Kocaeli",
    "55": "Samsun",
    "61": "Trabzon",
    "33": "Mersin",
    "38": "Kayseri",
    "26": "Eskişehir",
    "45": "Manisa",
    "21": "Diyarbakır",
    "48": "Muğla",
    "59": "Tekirdağ",
    "31": "Hatay",
    "25": "Erzurum",
}
CHANNELS = {
    "phone": 380,
    "web": 260,
    "email": 150,
    "x": 55,
    "instagram": 40,
    "facebook": 28,
    "linkedin": 6,
    "fax": 26,
    "post": 40,
    "seddk": 15,
}
TYPES = {
    "complaint": 500,
    "request": 240,
    "information": 120,
    "objection": 55,
    "thanks": 45,
    "suggestion": 28,
    "data_protection": 12,
}
MONTHS = (1.08, 0.98, 0.96, 0.92, 0.9, 0.98, 1.12, 1.08, 0.96, 0.98, 1.0, 1.04)
"""How busy each month is: winter roads, summer travel and heat."""
WEEKDAYS = (1.32, 1.16, 1.08, 1.05, 1.02, 0.62, 0.45)
HOURS = (
    0.15,
    0.1,
    0.06,
    0.05,
    0.06,
    0.12,
    0.3,
    0.7,
    1.4,
    2.6,
    2.9,
    2.6,
    1.8,
    2.2,
    2.5,
    2.3,
    2.0,
    1.6,
    1.1,
    0.9,
    0.85,
    0.8,
    0.6,
    0.35,
)
BRANCHES = {
    "kasko": 27,
    "trafik": 25,
    "saglik-tamamlayici": 12,
    "konut": 9,
    "saglik-bireysel": 5,
    "dask": 5,
    "imm": 3,
    "isyeri": 4,
    "saglik-grup": 3,
    "seyahat-saglik": 2,
    "ferdi-kaza": 1,
    "nakliyat": 1,
    "policesiz": 3,
}
MOTOR, HEALTH = ("kasko", "trafik", "imm"), ("saglik",)

TOPICS: Mapping[str, tuple[int, str, tuple[str, ...], str]] = {
    # topic: weight, department, causes, text
    "hasar/odeme-gecikmesi": (
        16,
        "hasar",
        ("kapasite", "surec", "tedarikci"),
        "{city} hasarım için evrakları tam verdim, {days} gündür ödeme yapılmadı.",
    ),
    "hasar/ret": (
        8,
        "hasar",
        ("beklenti", "iletisim", "urun"),
        "Hasar dosyam reddedildi. Gerekçe anlaşılır değil, {city} hasarım incelensin.",
    ),
    "hasar/eksik-odeme": (
        9,
        "hasar",
        ("tedarikci", "urun", "insan-hatasi"),
        "Hasarıma {amount} TL eksik ödeme yapıldı, hesabın nasıl yapıldığını öğrenmek istiyorum.",
    ),
    "hasar/eksper": (
        4,
        "tedarik-agi",
        ("tedarikci", "egitim"),
        "{city} için atanan eksper {days} gündür gelmedi, telefonlarıma dönmüyor.",
    ),
    "hasar/evrak": (
        5,
        "hasar",
        ("surec", "iletisim"),
        "Aynı evrak benden {days} gün içinde üçüncü kez istendi. Daha önce iki kez gönderdim.",
    ),
    "hasar/deger-kaybi": (
        6,
        "bedeni-hasar",
        ("mevzuat", "beklenti"),
        "Aracımın değer kaybı için yaptığım başvuruya cevap verilmedi. Talebim {amount} TL'dir.",
    ),
    "hasar/pert": (
        3,
        "oto-hasar",
        ("surec", "beklenti"),
        "Aracım pert sayıldı ama teklif edilen tutar rayicin altında, {amount} TL fark var.",
    ),
    "hasar/onarim": (
        6,
        "tedarik-agi",
        ("tedarikci", "kapasite"),
        "Aracım {city} servisinde {days} gündür yedek parça bekliyor.",
    ),
    "hasar/provizyon": (
        8,
        "saglik-hasar",
        ("kapasite", "sistem", "urun"),
        "Hastane {days} saattir provizyon bekliyor, işlemim yapılamadı. {city}",
    ),
    "police/iptal": (
        5,
        "teknik",
        ("surec", "insan-hatasi"),
        "Aracımı sattım, poliçemin iptalini istedim, {days} gündür sonuç yok.",
    ),
    "police/yenileme": (
        4,
        "teknik",
        ("iletisim", "beklenti"),
        "Poliçem bana sorulmadan yenilendi, {amount} TL karttan çekildi.",
    ),
    "police/teminat": (
        3,
        "teknik",
        ("iletisim", "urun"),
        "Poliçemde hangi teminatların olduğunu yazılı öğrenmek istiyorum ({city}).",
    ),
    "police/belge": (
        3,
        "musteri-hizmetleri",
        ("sistem", "surec"),
        "Poliçemin kopyası {days} gündür gelmedi, e-posta ile gönderilmesini rica ederim.",
    ),
    "prim/iade": (
        6,
        "tahsilat",
        ("surec", "kapasite"),
        "İptal edilen poliçemin {amount} TL prim iadesi {days} gündür yatmadı.",
    ),
    "prim/mukerrer-cekim": (
        3,
        "tahsilat",
        ("sistem", "insan-hatasi"),
        "Kartımdan {amount} TL iki kez çekildi, birinin iadesini istiyorum.",
    ),
    "prim/fiyat": (
        4,
        "teknik",
        ("beklenti", "iletisim"),
        "Yenileme fiyatım geçen yıla göre çok arttı, {amount} TL fark için açıklama bekliyorum.",
    ),
    "satis/acente": (
        3,
        "satis-acenteler",
        ("araci", "egitim"),
        "{city} acentesi beni yanlış bilgilendirdi, {amount} TL fazla prim ödedim.",
    ),
    "satis/yanlis-bilgilendirme": (
        2,
        "satis-acenteler",
        ("araci", "iletisim"),
        "Satışta söylenen teminat poliçede yok. {city} şubesinden alınmıştı.",
    ),
    "hizmet/ulasim": (
        6,
        "cagri-merkezi",
        ("kapasite", "sistem"),
        "Çağrı merkezinde {days} dakika bekledim, kimse cevap vermedi.",
    ),
    "hizmet/personel": (
        2,
        "cagri-merkezi",
        ("egitim", "insan-hatasi"),
        "Görüştüğüm kişi ilgisiz davrandı, telefonu {days} kez yüzüme kapattı.",
    ),
    "hizmet/cevapsiz": (
        4,
        "musteri-hizmetleri",
        ("kapasite", "surec"),
        "{days} gün önce yazdım, hâlâ cevap alamadım.",
    ),
    "hizmet/web-hata": (
        3,
        "bilgi-teknolojileri",
        ("sistem",),
        "Mobil uygulama {days} gündür hata veriyor, poliçeme giremiyorum.",
    ),
    "hizmet/asistans": (
        5,
        "asistans",
        ("tedarikci", "kapasite"),
        "{city} yolunda {days} saat çekici bekledim, ikame araç verilmedi.",
    ),
}
OTHERS = {
    "thanks": ("tesekkur", "{city} ekibinize {days} saat içinde çözdüğünüz için teşekkür ederim."),
    "suggestion": ("oneri", "Uygulamada {days} günlük hasar durumunu görebilsek iyi olur. {city}"),
    "data_protection": (
        "veri/kvkk",
        "6698 sayılı Kanun kapsamında verilerimin silinmesini istiyorum. {city}",
    ),
}
STORM = (
    "{city} ilindeki dolu fırtınasında hasar gördüm, {days} gündür eksper gelmedi, mağdurum.",
    "Dolu yağışında aracımın her yeri hasar gördü. {city} için acil eksper rica ederim.",
    "Fırtınada çatım uçtu, evime su giriyor, {amount} TL masrafım var. {city}",
)
POLICIES = {
    "kasko": 240_000,
    "trafik": 610_000,
    "imm": 180_000,
    "konut": 310_000,
    "dask": 420_000,
    "isyeri": 85_000,
    "saglik-bireysel": 38_000,
    "saglik-grup": 52_000,
    "saglik-tamamlayici": 190_000,
    "seyahat-saglik": 61_000,
    "ferdi-kaza": 74_000,
    "nakliyat": 9_000,
}
