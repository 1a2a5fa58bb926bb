"""Posts: only the source's own are taken, and each brings the same items whenever it comes."""

from dataclasses import replace

from ingest.contract import Webhook, WebhookRequest
from ingest.errors import Refused
from ingest.testkit.check import DoesNotApply, Lab, check
from ingest.testkit.harness import Engine


@check
def a_post_that_was_changed_is_refused(lab: Lab) -> None:
    """A signature is for the bytes that were posted: with one more of them it does not hold."""
    webhook, post = _posted(lab.engine())
    _expect_refusal(webhook, replace(post, body=post.body + b" "))


@check
def a_post_without_a_signature_is_refused(lab: Lab) -> None:
    """Anybody may post to us: what says nothing of its origin is Refused, not a crash."""
    webhook, post = _posted(lab.engine())
    _expect_refusal(webhook, replace(post, headers={}, query={}))


@check
def a_repeated_post_brings_the_same_keys(lab: Lab) -> None:
    """A source posts again what it believes unanswered, and another process of the portal may get
    it: at least one item, and the same keys."""
    engine = lab.engine()
    webhook, post = _posted(engine)
    first, second = _keys(webhook, post), _keys(_webhook(lab.engine(engine.world)), post)
    assert first, "a sound post brings nothing"
    assert first == second, "a repeated post brings other keys"


@check
def a_post_is_taken_while_the_source_is_away(lab: Lab) -> None:
    """A post is answered within a second, so nobody is asked: what has to be fetched lands with a
    ``problem``, and the poller fetches it."""
    engine = lab.engine()
    webhook, post = _posted(engine)
    engine.world.cut()
    try:
        brought = _keys(webhook, post)
    except Exception as error:
        raise AssertionError(f"{type(error).__name__} when the source is away") from error
    assert brought, "a post brings nothing when the source is away"


def _posted(engine: Engine) -> tuple[Webhook, WebhookRequest]:
    return _webhook(engine), engine.world.post()


def _webhook(engine: Engine) -> Webhook:
    channel = engine.open()
    if not isinstance(channel, Webhook):
        raise DoesNotApply("webhook", "the channel takes no posts")
    return channel


def _keys(webhook: Webhook, post: WebhookRequest) -> list[str]:
    items = webhook.verify_and_items(post)
    assert not isinstance(items, bytes), "items are posted, and a challenge is answered"
    return [item.source_key for item in items]


def _expect_refusal(webhook: Webhook, post: WebhookRequest) -> None:
    try:
        webhook.verify_and_items(post)
    except Exception as error:  # noqa: BLE001  whatever it is, its class is what is checked
        assert type(error) is Refused, f"{type(error).__name__} instead of Refused"
    else:
        raise AssertionError("it was taken for a post of the source")


CHECKS = (
    a_post_that_was_changed_is_refused,
    a_post_without_a_signature_is_refused,
    a_repeated_post_brings_the_same_keys,
    a_post_is_taken_while_the_source_is_away,
)
