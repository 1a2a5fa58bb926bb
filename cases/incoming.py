"""A stored message as the decision about it sees it, and what is locked before it is decided."""

from collections.abc import Sequence
from hashlib import sha256

from cases.lookup import people_of
from cases.matters import Incoming, Item
from storage.known import ToFile
from storage.messages import item_key


def as_incoming(one: ToFile) -> Incoming:
    message, mail = one.message, one.message.mail
    return Incoming(
        id=one.id,
        sha256=one.sha256,
        channel=one.channel,
        kind=one.kind,
        received_at=one.received_at,
        keys=one.keys,
        own=one.own,
        text=one.match_text,
        files=frozenset(file.sha256 for file in message.attachments),
        things=frozenset(one.things),
        message_id=mail.message_id if mail else None,
        refers_to=_refers_to(one),
        numbers=tuple(i.value for i in message.identifiers.application_number),
        is_machine=message.is_machine and not one.as_person,
        proved=message.form.proved if message.form else "",
        sms_from=(message.sender.phone or "") if one.kind == "sms" else "",
        item=(item := _item(one)),
        thread=item.thread if item else "",
    )


def _item(one: ToFile) -> Item | None:
    facts = one.message.social
    if facts is None:
        return None
    return Item(
        key=item_key(facts.network, facts.first_id),
        external=item_key(facts.network, facts.external_id),
        version=facts.version,
        thread=item_key(facts.network, facts.conversation_id) if facts.conversation_id else "",
        edited_at=facts.edited_at,
        deleted=facts.deleted,
        own=facts.own,
    )


def _refers_to(one: ToFile) -> tuple[str, ...]:
    mail, social = one.message.mail, one.message.social
    if social is not None and social.in_reply_to:
        return (item_key(social.network, social.in_reply_to),)
    if mail is None:
        return ()
    ids = (mail.in_reply_to, *mail.returned, *reversed(mail.references))
    return tuple(dict.fromkeys(i for i in ids if i and i != mail.message_id))[:50]


def locks(batch: Sequence[Incoming]) -> set[int]:
    """Whatever could tie two messages together is locked, so that two batches cannot both decide
    that theirs is the first."""
    people = people_of(batch)
    ids = {i for m in batch for i in (m.message_id, *m.refers_to[:10]) if i}
    ids |= {message.item.key for message in batch if message.item}
    hashes = {message.sha256 for message in batch} | {sha256(i.encode()).hexdigest() for i in ids}
    return people | {int(digest[:15], 16) for digest in hashes}
