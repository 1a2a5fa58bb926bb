"""The readers: pure functions from the raw item to the one schema. They never raise on content."""

from dataclasses import replace

from basvuru.plugin import File, Message, Options, RawItem, Reader, Reading, part, read_text

from basvuru_whatsapp import posts
from basvuru_whatsapp.items import MEDIA as MEDIA_KIND
from basvuru_whatsapp.items import MESSAGE as MESSAGE_KIND
from basvuru_whatsapp.items import facts_of
from basvuru_whatsapp.posts import Received, Unreadable

NAMES = {
    "image": "Fotoğraf",
    "video": "Video",
    "audio": "Sesli mesaj",
    "document": "Belge",
    "sticker": "Çıkartma",
    "location": "Konum",
    "contacts": "Kişi kartı",
}
"""What stands for a message without words, as its sender would call it."""
OTHER = "Desteklenmeyen mesaj"


def read_message(item: RawItem, options: Options) -> Reading:
    """One message of the post, which the item's facts name."""
    found = _find(item)
    if found is None:
        return Reading(
            Message(source=item.source_key, kind=MESSAGE_KIND, error="the message is unreadable")
        )
    return _as_text(item, options, text_of(found), found)


def read_media(item: RawItem, options: Options) -> Reading:
    """A file, in the name of who sent it; its words stand in its message."""
    content_type = item.facts.get("content_type", "application/octet-stream")
    file = File(item.facts.get("file_name", ""), content_type.partition(";")[0], item.body)
    attached = part(file, 1)
    read = read_text(replace(item, body=b""), options).message
    message = read.model_copy(update={"kind": MEDIA_KIND, "attachments": (attached.attachment,)})
    return Reading(message, (attached,))


def text_of(message: posts.Message) -> str:
    """What was said. A file without a caption, a place or a card is named."""
    words = [
        message.text.body if message.text else "",
        message.button.text if message.button else "",
        _chosen(message.interactive) if message.interactive else "",
        message.media.caption if message.media else "",
        _place(message.location) if message.location else "",
    ]
    said = "\n".join(word for word in words if word.strip())
    return said or f"[{NAMES.get(message.type, OTHER)}]"


def _find(item: RawItem) -> posts.Message | None:
    wanted = item.facts.get("message_id")
    try:
        of_post = [one.message for one in posts.received(item.body) if one.message]
    except Unreadable:
        return None  # said in the reading's error
    fits = [message for message in of_post if wanted in (None, message.id)]
    return fits[0] if fits else None


def _as_text(item: RawItem, options: Options, text: str, message: posts.Message) -> Reading:
    """The reader of plain text does the rest; a file on disk has no facts but those in it."""
    facts = item.facts or facts_of(Received(message, "", ""))
    plain = replace(item, body=text.encode("utf-8", "replace"), facts=facts)
    read = read_text(plain, options).message
    return Reading(
        read.model_copy(
            update={"kind": MESSAGE_KIND, "received_at": item.received_at or message.sent_at}
        )
    )


def _chosen(interactive: posts.Interactive) -> str:
    choice = interactive.button_reply or interactive.list_reply
    return "\n".join(filter(None, (choice.title, choice.description))) if choice else ""


def _place(place: posts.Place) -> str:
    named = ", ".join(filter(None, (place.name, place.address)))
    return f"{named} ({place.latitude:.6f}, {place.longitude:.6f})".strip()


MESSAGE = Reader(MESSAGE_KIND, read_message)
MEDIA = Reader(MEDIA_KIND, read_media)
