"""Why two messages are one matter, said in words, Turkish and English."""

from collections.abc import Iterable, Mapping
from typing import Any

_WORDS = {
    "same_bytes": ("birebir aynı dosya", "the very same file"),
    "same_message_id": ("aynı e-postanın kopyası", "a copy of the same mail"),
    "answers_us": ("bizim mesajımıza yanıt", "an answer to our message"),
    "answers_own": ("kendi mesajının devamı", "a follow-up to the sender's own message"),
    "quotes_number": ("başvuru numarası yazılmış, aynı kişi", "quotes the number, same person"),
    "asked_by_sms": ("SMS ile sorduğumuz numaradan SMS", "an SMS from where we asked by SMS"),
    "proved": ("gönderen, başvurunun tarafı olduğunu kanıtladı", "the sender proved to be a party"),
    "same_phone": ("aynı telefon", "same phone"),
    "same_email": ("aynı e-posta adresi", "same e-mail address"),
    "same_tckn": ("aynı T.C. kimlik numarası", "same identity number"),
    "same_vkn": ("aynı vergi numarası", "same tax number"),
    "same_name": ("aynı ad", "same name"),
    "same_handle": ("aynı sosyal medya hesabı", "same social account"),
    "same_policy": ("aynı ad ve poliçe", "same name and policy"),
    "other_plate": ("plaka farklı", "another plate"),
    "other_claim": ("hasar dosyası farklı", "another claim"),
    "other_policy": ("poliçe farklı", "another policy"),
    "same_text": ("metin aynı", "same text"),
    "like_text": ("metin %{score} benzer", "text {score} % alike"),
    "same_item": ("aynı paylaşım", "the same post"),
    "new_version": ("paylaşımın düzenlenmiş hâli", "the post as its author changed it"),
    "taken_back": ("paylaşım silinmiş", "the post was taken back"),
    "same_thread": ("aynı yazışma, aynı kişi", "same thread, same person"),
    "answers_other": ("başka birinin paylaşımına yanıt", "answers somebody else's post"),
    "we_answered": ("bizim yanıtımız", "our own answer"),
    "parted": ("bir kişi tarafından ayrıldı", "parted by a person"),
    "joined": ("bir kişi tarafından birleştirildi", "joined by a person"),
}


def in_words(reasons: Iterable[Mapping[str, Any]], language: str = "tr") -> str:
    """One line, the reasons joined by commas."""
    return ", ".join(said for said, _ in each_in_words(reasons, language))


def each_in_words(
    reasons: Iterable[Mapping[str, Any]], language: str = "tr"
) -> list[tuple[str, bool]]:
    """Each by itself, and whether it speaks for two matters rather than one."""
    position = 0 if language == "tr" else 1
    return [
        (_WORDS[one["code"]][position].format(**one), one["code"].startswith("other_"))
        for one in reasons
    ]
