"""How mail programs announce a quoted mail, by language: Turkish first, then the rest.

Entries are matching keys (``turkish.fold``: lower case, Turkish letters without marks), written
here as people read them and folded once. Sources are the programs' own translations: Gmail,
Outlook, Apple Mail, Thunderbird, KMail, Roundcube, Yahoo, Yandex.
"""

from normalizers.text.turkish import fold


def _keys(*lists: str) -> tuple[str, ...]:
    """Entries stand between ``|``; longer ones first, so that the most of a line is explained."""
    entries = {fold(entry.strip()) for listed in lists for entry in listed.split("|")}
    return tuple(sorted(entries, key=len, reverse=True))


WROTE = _keys(
    "yazdı | şunu yazdı | şunları yazdı | yazmış | yazmıştı | şöyle yazdı | dedi ki | gönderdi",
    "wrote | writes | has written | said | sent | sent the following | scripsit",
    "schrieb | geschrieben | hat geschrieben | schrieb folgendes",
    "a écrit | écrit | ecrit | ecrivait | écrivait",
    "escribió | ha escrito | escribio | va escriure",
    "ha scritto | scrive | scritto",
    "escreveu | escreveram | gravou",
    "schreef | het volgende geschreven | geschreven | heeft geschreven",
    "skrev | skrev følgende | skrev följande | har skrevet",
    "kirjoitti | kirjoitti seuraavasti",
    "napisał | napisał(a) | napisała | pisze | napsal | napsal(a) | napísal | napísal(a)",
    "написал | написал(а) | написала | написав | написав(ла) | написала(в) | пише | пишет | писал",
    "írta | ezt írta | a scris | έγραψε | napisao je | je napisal | написа",
    "写道 | のメール | さんは書きました | 님이 작성 | כתב | كتب",
)
"""Verbs that close the line above a quote, as in ``On ..., Somebody wrote:``."""

WROTE_INSIDE = _keys(
    "şunları yazdı | şunu yazdı | yazdı | schrieb | skrev | kirjoitti | wrote | a écrit | schreef"
)
"""Verbs that a date may follow: ``Somebody schrieb am 16. Aug. 2016 um 12:52 Uhr:``."""

STARTS = (
    "On", "At", "Am", "Le", "El", "Il", "Op", "Em", "Den", "På", "Pe", "Dnia", "W dniu", "Dne",
    "Il giorno", "A", "Den", "Die", "Le", "Vào", "Στις", "Na", "I",
)  # fmt: skip
"""First words of such lines, as written."""

NOT_NAMES = frozenset(
    _keys(
        "tarihinde | saat | saatinde | günü | on | at | am | le | el | il | op | em | den | på | um"
        "| à | om | kl | klo | uhr | o | godz | dnia | the | de | of | vom | alle | a | las | às"
        "| ore | und | et | pm | gmt | utc | cet | cest | est | edt | pst | pdt | msk | pro",
        "ocak | şubat | mart | nisan | mayıs | haziran | temmuz | ağustos | eylül | ekim | kasım"
        "| aralık | oca | şub | mar | nis | may | haz | tem | ağu | eyl | eki | kas | ara"
        "| pazartesi | salı | çarşamba | perşembe | cuma | cumartesi | pazar"
        "| pzt | sal | çar | per | cum | cmt | paz",
        "jan | feb | apr | jun | jul | aug | sep | oct | nov | dec | january | february | march"
        "| april | june | july | august | september | october | november | december"
        "| mon | tue | wed | thu | fri | sat | sun | monday | tuesday | wednesday | thursday"
        "| friday | saturday | sunday",
    )
)
"""Words of dates: a line of nothing else names nobody."""

SEPARATORS = _keys(
    "orijinal mesaj | orijinal ileti | özgün ileti | özgün mesaj | asıl ileti | asıl mesaj"
    "| ilk ileti | yanıtlanan ileti | cevaplanan mesaj | orjinal mesaj | orijinal e-posta",
    "original message | original email | original mail | reply message | message original"
    "| original appointment | reply above this line",
    "ursprüngliche nachricht | original-nachricht | originalnachricht | ursprüngliche e-mail",
    "message d'origine | message initial | message original | message d’origine",
    "mensaje original | messaggio originale | messaggio original | mensagem original",
    "oorspronkelijk bericht | origineel bericht | oprindelig meddelelse | opprinnelig melding"
    "| opprindelig meddelelse | ursprungligt meddelande | originalmeddelande"
    "| alkuperäinen viesti | wiadomość oryginalna | oryginalna wiadomość | původní zpráva"
    "| исходное сообщение | оригинальное сообщение | оригінальне повідомлення"
    "| eredeti üzenet | mesaj original | αρχικό μήνυμα | 原始邮件 | 原始郵件 | 元のメッセージ"
    "| 원본 메시지",
)
"""What stands between dashes above a quoted mail."""

FORWARDS = _keys(
    "yönlendirilmiş ileti | yönlendirilen ileti | yönlendirilmiş mesaj | iletilmiş mesaj"
    "| iletilen mesaj | iletilen ileti | iletilmiş ileti | forward edilen mesaj"
    "| yönlendirilen mesaj | iletilen e-posta",
    "forwarded message | forwarded mail | forwarded email | forwarded by",
    "weitergeleitete nachricht | message transféré | message transfere | message réexpédié"
    "| mensaje reenviado | messaggio inoltrato | mensagem encaminhada | mensagem reencaminhada"
    "| doorgestuurd bericht | videresendt meddelelse | vidarebefordrat meddelande"
    "| välitetty viesti | edelleenlähetetty viesti | wiadomość przekazana | přeposlaná zpráva"
    "| пересылаемое сообщение | пересланное сообщение | переслане повідомлення"
    "| továbbított üzenet | mesaj redirecționat | 转发的邮件 | 转发邮件 | 転送されたメッセージ",
)
"""What stands between dashes above a forwarded mail."""

FORWARD_LINES = _keys(
    "iletilen ileti başlangıcı | yönlendirilen iletinin başı | iletinin başlangıcı"
    "| begin forwarded message | start of forwarded message | anfang der weitergeleiteten nachricht"
    "| anfang der weitergeleiteten e-mail | début du message réexpédié | début du message transféré"
    "| inicio del mensaje reenviado | inizio messaggio inoltrato | início da mensagem encaminhada"
    "| begin doorgestuurd bericht | start på videresendt besked | vidarebefordrat brev"
    "| początek przekazywanej wiadomości | начало переадресованного сообщения"
)
"""Lines above a forwarded mail that need no dashes."""

FORWARD_SUBJECTS = tuple(
    fold(prefix)
    for prefix in (
        "ilt:", "İlt:", "yönl:", "ileti:", "fwd:", "fw:", "[fwd:", "wg:", "tr:", "rv:", "enc:",
        "i:", "doorst:", "vs:", "vb:", "pd:", "пересл:", "转发:", "転送:",
    )
)  # fmt: skip
"""How the subject of a forwarded mail begins."""

_LABELS = {
    "from": "kimden | gönderen | from | von | de | da | van | fra | från | lähettäjä | od | от"
    "| от кого | від | expéditeur | remitente | mittente | afzender | avsender | avsändare"
    "| feladó | de la | από | 发件人 | 寄件者 | 差出人 | 보낸 사람 | מאת | من",
    "date": "tarih | gönderildi | gönderme tarihi | gönderilme tarihi | gönderim tarihi"
    "| gönderilme zamanı | date | sent | datum | gesendet | envoyé | enviado | enviado el"
    "| enviado em | fecha | data | inviato | verzonden | sendt | skickat | dato | wysłano"
    "| data wysłania | lähetetty | päiväys | päivämäärä | дата | отправлено | надіслано"
    "| odesláno | elküldve | küldve | dátum | trimis | data da | ημερομηνία | 发送时间 | 日期"
    "| 送信日時 | 日付 | 보낸 날짜",
    "to": "kime | alıcı | to | an | à | a | para | aan | til | till | do | vastaanottaja | кому"
    "| komu | címzett | către | προς | destinataire | destinatario | 收件人 | 宛先 | 받는 사람",
    "cc": "bilgi | cc | bcc | kopya | kopie | copie | kopia | kopi | копия | копія | 抄送",
    "subject": "konu | subject | betreff | objet | asunto | oggetto | assunto | onderwerp | emne"
    "| ämne | temat | aihe | тема | předmět | tárgy | subiect | θέμα | 主题 | 主旨 | 件名 | 제목",
    "reply": "yanıt adresi | reply-to | reply to | antwort an | répondre à | risposta | отговор до",
}
LABELS = {
    fold(label.strip()): role for role, listed in _LABELS.items() for label in listed.split("|")
}
"""Label of a line in a quoted header block to what it names."""

DEVICES = _keys(
    "iphone'umdan gönderildi | iphone’umdan gönderildi | ipad'imden gönderildi"
    "| ipad’imden gönderildi | telefonumdan gönderildi | cihazımdan gönderildi"
    "| android cihazımdan | android telefonumdan | ios için outlook | android için outlook"
    "| windows için posta | windows 10 için | samsung mobile tarafından | huawei"
    "| samsung galaxy | xiaomi | yandex.mail mobil | yahoo mail'den | outlook'u edinin",
    "sent from my | sent from mail | sent from outlook | sent from yahoo | sent from a"
    "| sent from the | sent via | sent with | sent by | get outlook for | sent using",
    "von meinem | gesendet von | gesendet mit | envoyé de | envoyé depuis | envoyé à partir"
    "| enviado desde | enviado do | enviado a partir | inviato da | verzonden vanaf | verstuurd van"
    "| skickat från | sendt fra | lähetetty | wysłane z | wysłano z | отправлено с | отправлено из"
    "| надіслано з | odesláno z | trimis de pe",
)
"""How the lines begin that phones put under a mail."""
