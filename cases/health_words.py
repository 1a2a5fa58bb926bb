"""What is wrong, and what to do about it, in sentences: Turkish and English."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cases.health import Finding
from config.clock import local
from config.turkish import Say

_ROLES = {
    "poll": ("kanal okuyucu", "poller"),
    "work": ("işçi", "worker"),
    "pages": ("sayfa okuyucu", "page worker"),
    "schedule": ("zamanlayıcı", "scheduler"),
    "serve": ("portal", "portal"),
}

_STAGES = {"normalise": ("okuma", "reading"), "record": ("kayıt", "recording")}

_FROM_CHANNELS = ("reason", "remedy", "detail")
"""Blanks that a channel has filled in."""

_WORDS: Mapping[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "broker": (
        ("Redis yanıt vermiyor", "Redis does not answer"),
        (
            "Hiçbir şey kaybolmaz, ama işler gecikir. Redis'i başlatın.",
            "Nothing is lost, but everything is late. Start Redis.",
        ),
    ),
    "dead_letters": (
        ("{count} ölü ileti var", "{count} dead letters"),
        (
            "Kuyruklar sayfasında bakın; yeniden kuyruğa koyun ya da silin.",
            "Look at them on the queues page; requeue or purge them.",
        ),
    ),
    "role_dead": (
        ("Çalışan {role} yok", "No {role} is running"),
        ("Servisi başlatın: basvuru {command}", "Start the service: basvuru {command}"),
    ),
    "process_silent": (
        ("{about} sustu", "{about} went silent"),
        (
            "Öteki süreçler sürdürüyor. Makineye ve günlüğüne bakın.",
            "Others go on. Look at its machine and its log.",
        ),
    ),
    "channel_parked": (
        ("{about} kanalı bekletiliyor: {reason}", "Channel {about} is parked: {reason}"),
        (
            "{until} zamanına kadar okunmaz. {remedy}",
            "It is not read until {until}. {remedy}",
        ),
    ),
    "channel_dead": (
        ("{about} kanalını kimse okumuyor", "Nobody reads channel {about}"),
        (
            "Kanal okuyucu çalışıyor mu? Ayarlarında bu kanal var mı?",
            "Is the poller running? Are its settings right?",
        ),
    ),
    "channel_late": (
        ("{about} kanalının okunması bitmiyor", "Reading channel {about} does not finish"),
        (
            "Kaynak yavaş ya da çok birikmiş. Sürerse kanalı denetleyin.",
            "The source is slow or has a backlog. If it goes on, check the channel.",
        ),
    ),
    "channel_silent": (
        (
            "{about} kanalından bir saattir bir şey gelmedi; bu saatte genellikle {usual} gelir",
            "Nothing came on {about} for an hour; usually {usual} come at this time",
        ),
        (
            "Kaynağın kendisine bakın: posta kutusu, faks hattı, form.",
            "Look at the source itself: mailbox, fax line, form.",
        ),
    ),
    "channel_flood": (
        (
            "{about} kanalına bir saatte {came} geldi; genellikle {usual} gelir",
            "{came} came on {about} within an hour; usually {usual} do",
        ),
        (
            "Bir kampanya, arıza ya da saldırı olabilir. Gelenlere bakın.",
            "A campaign, an outage or an attack? Look at what comes.",
        ),
    ),
    "access_warning": (
        ("{about} erişimi dikkat istiyor: {detail}", "Access {about} needs attention: {detail}"),
        ("{remedy} {expires}", "{remedy} {expires}"),
    ),
    "access_dead": (
        ("{about} erişimi kapalı: {detail}", "Access {about} is dead: {detail}"),
        ("{remedy} {expires}", "{remedy} {expires}"),
    ),
    "gap": (
        (
            "{about}: {until} zamanına kadar gelenler okunamadı. {reason}",
            "{about}: what came until {until} was not read. {reason}",
        ),
        (
            "Ağın kendisine bakın, sonra `basvuru channel gaps --close`.",
            "Look on the network itself, then `basvuru channel gaps --close`.",
        ),
    ),
    "stage_dead": (
        ("{about}: {waiting} bekliyor, kimse çalışmıyor", "{about}: {waiting} wait, nobody works"),
        ("İşçileri başlatın.", "Start the workers."),
    ),
    "stage_slow": (
        ("{about} yavaş: {waiting} bekliyor", "{about} is slow: {waiting} wait"),
        (
            "Birikme eriyor mu? Erimiyorsa işçi ekleyin ya da günlüğe bakın.",
            "Does it shrink? If not, add workers or look at the log.",
        ),
    ),
    "time_number": (
        (
            "Numara {seconds} saniyede veriliyor, hedef {limit}",
            "Numbers take {seconds} seconds, the objective is {limit}",
        ),
        ("Bekleyen aşamalara bakın.", "Look at the stages that wait."),
    ),
    "time_sms": (
        (
            "SMS {seconds} saniyede çıkıyor, hedef {limit}",
            "SMS take {seconds} seconds, the objective is {limit}",
        ),
        (
            "SMS geçidine bakın: basvuru check.",
            "Look at the SMS gateway: basvuru check.",
        ),
    ),
    "duties": (
        (
            "{count} başvuru sahibi numarasını öğrenmemiş olabilir",
            "{count} applicants may not know their number",
        ),
        ("Görevleri karşılayın: basvuru duties.", "Meet the duties: basvuru duties."),
    ),
    "quarantine": (
        ("Karantinada {count} öğe var", "{count} items in quarantine"),
        (
            "Nedenine bakın, onarın, yeniden işleyin.",
            "Look at the cause, mend it, replay them.",
        ),
    ),
    "ledger": (
        ("Defter tutmuyor: {about}", "The ledger does not balance: {about}"),
        (
            "Bu bizim kusurumuzdur: geliştiricilere bildirin.",
            "This is a defect of ours: tell the developers.",
        ),
    ),
    "disk": (
        ("{about} diskinde %{free} boş yer kaldı", "{free}% of the disk {about} is free"),
        ("Yer açın ya da diski büyütün.", "Make room, or a larger disk."),
    ),
    "maintenance": (
        ("Bakım modu açık ({by})", "Maintenance mode is on ({by})"),
        (
            "Gelenler saklanıyor, işlenmiyor. Bitince kapatın.",
            "What comes in is kept and not worked on. End it when you are done.",
        ),
    ),
}


def what(finding: Finding, language: str = "tr", *, say: Say = str) -> str:
    """What is wrong, in one sentence. ``say`` puts the words of a channel into the language."""
    return _said(finding, 0, language, say)


def remedy(finding: Finding, language: str = "tr", *, say: Say = str) -> str:
    """What to do about it."""
    return _said(finding, 1, language, say)


def _said(finding: Finding, which: int, language: str, say: Say) -> str:
    english = language != "tr"
    blanks: dict[str, Any] = {"about": _about(finding, english, say)} | dict(finding.values)
    blanks |= {name: say(blanks[name]) for name in _FROM_CHANNELS if blanks.get(name)}
    if finding.code == "role_dead":
        command = "work --pages" if finding.about == "pages" else finding.about
        blanks |= {"role": _ROLES[finding.about][english], "command": command}
    shown = {name: _shown(value) for name, value in blanks.items()}
    return " ".join(_WORDS[finding.code][which][english].format_map(shown).split())


def _about(finding: Finding, english: bool, say: Say) -> str:
    """``mail``; ``mail, erişim jetonu``; ``kayıt (mail)`` for a stage and its queue."""
    if finding.code.startswith(("access_", "gap")):
        channel, _, feature = finding.about.partition(", ")
        return f"{channel}, {say(feature)}"
    if finding.code.startswith("stage_"):
        stage, _, queue = finding.about.partition("/")
        return f"{_STAGES.get(stage, (stage, stage))[english]} ({queue})"
    return finding.about


def _shown(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{local(value):%d.%m.%Y %H:%M}"
    return "" if value is None else str(value)
