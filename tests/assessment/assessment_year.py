"""Made-up applications as rows, for what looks at many of them."""

import random
from datetime import timedelta

from peers.world import World

from normalizers.text.turkish import fold
from storage import tables as t

TEXTS = (
    ("kasko", "hasar/odeme-gecikmesi", "Kasko hasar dosyam için ödeme yapılmadı, servis bekliyor."),
    ("dask", "hasar/eksik-odeme", "DASK ödemesi eksik hesaplandı, binamızdaki çatlaklar ortada."),
    (None, "prim/iade", "Poliçe iptal edildi ama prim iademi alamadım, kartıma yatırılmadı."),
)
FILLER = (
    "Gereğinin yapılmasını rica ederim. Defalarca aradım, her seferinde başka bir bilgi verildi. "
    "Bu kadar uzun sürmesini anlamıyorum; yazılı cevap bekliyorum. "
) * 3


def a_year(world: World, count: int, *, status: str = "recorded", assessed: bool = False) -> None:
    """``count`` applications, evenly over the year before now, a third of each text."""
    chance = random.Random(7)
    raw, messages, applications, filings = [], [], [], []
    for i in range(count):
        branch, topic, text = TEXTS[i % 3]
        at = world.moment - timedelta(days=365) * (count - i) / count
        words = (text + " " + FILLER).split()
        chance.shuffle(words)
        folded = fold(text + " " + " ".join(words))
        common = {"received_at": at, "channel": "mail", "kind": "email"}
        raw.append(
            common
            | {
                "id": i + 1,
                "source_key": str(i),
                "sha256": f"{i:064x}",
                "size": 1,
                "landed_at": at,
                "facts": {},
                "trace": "",
            }
        )
        messages.append(
            common
            | {"id": i + 1, "raw_id": i + 1, "match_text": folded, "things": [], "document": {}}
        )
        applications.append(
            common
            | {
                "id": i + 1,
                "number": f"{i:010d}",
                "type": "complaint" if assessed else "unclassified",
                "branch": branch if assessed else None,
                "topic": topic if assessed else None,
                "status": status,
                "recorded_at": at,
                "language": "tr",
                "department": "musteri-hizmetleri",
            }
        )
        filings.append(
            {
                "message_id": i + 1,
                "application_id": i + 1,
                "how": "opened",
                "reasons": [],
                "at": at,
                "by": "system",
            }
        )
    with world.database.write() as connection:
        for table, rows in (
            (t.raw_item, raw),
            (t.message, messages),
            (t.application, applications),
            (t.filing, filings),
        ):
            connection.execute(table.insert(), rows)
