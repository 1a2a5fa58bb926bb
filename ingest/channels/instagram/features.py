"""What is read of an Instagram account: comments under its pictures, and pictures with its tag.

Mentions cannot be listed: only a webhook tells of them.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from ingest.channels.instagram import said
from ingest.social.feature import Page
from ingest.social.graph_failures import GraphFailure, Why
from ingest.social.meta_account import Account
from ingest.social.meta_features import MetaFeature, Span
from ingest.social.meta_removals import Removals
from ingest.social.meta_said import moment, text_of

WATCHED_MEDIA = timedelta(days=90)
"""Older pictures are not looked at: who writes there is heard by webhook only."""
MAX_MEDIA = 300
PICTURES_A_RUN = 20
COMMENTS_A_PAGE = "50"
_SWEEP = timedelta(days=1)


class Comments(MetaFeature):
    """Comments and replies under the pictures whose count of comments changed, once a day under
    all: a reply stands below a comment of any age, and one removed hides one that came.

    Cursor: ``start``; ``counts`` of comments by picture, as far as they were read; ``swept``.
    """

    name = "comments"

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._removals = Removals(account, "instagram")

    def run(self, span: Span) -> Iterator[Page]:
        counts = dict(span.cursor.get("counts") or {})
        pictures = self._pictures()
        changed = self._changed(pictures, counts, span)
        for media_id in changed[:PICTURES_A_RUN]:
            yield from self._under(media_id, span.down_to)
            counts[media_id] = pictures[media_id]
        self.cursor["counts"] = {i: n for i, n in counts.items() if i in pictures}
        self.complete = len(changed) <= PICTURES_A_RUN
        if self.complete:
            yield from self._removals.run()

    def _pictures(self) -> dict[str, int]:
        """Our pictures that are looked at, newest first, with their counts of comments."""
        found: dict[str, int] = {}
        listed = self.account.graph.pages(self.account.us, "media", "id,timestamp,comments_count")
        for rows in self.newer(listed, self.account.now() - WATCHED_MEDIA, "timestamp"):
            for row in rows[: MAX_MEDIA - len(found)]:
                count = row.get("comments_count")
                found[text_of(row.get("id"))] = count if isinstance(count, int) else -1
            if len(found) >= MAX_MEDIA:
                break
        return found

    def _changed(
        self, pictures: Mapping[str, int], counts: dict[str, int], span: Span
    ) -> list[str]:
        now, swept = self.account.now(), moment(span.cursor.get("swept"))
        if swept is None or now - swept > _SWEEP:
            counts.clear()
            self.cursor["swept"] = now.isoformat()
        return [i for i, count in pictures.items() if count != 0 and counts.get(i) != count]

    def _under(self, media_id: str, down_to: datetime) -> Iterator[Page]:
        """All pages: an old comment may have a new reply."""
        listed = self.account.graph.pages(
            media_id, "comments", said.WITH_REPLIES, limit=COMMENTS_A_PAGE
        )
        begun = False
        try:
            for rows in listed:
                begun = True
                found = [one for row in rows for one in said.flat(row)]
                fresh = [one for one in found if _at(one, down_to) >= down_to]
                self.saw(_at(one, down_to) for one in found)
                comments = [said.comment(self.account.us, row, media_id) for row in fresh]
                yield self.page(comments)
                self.watch(comments)
        except GraphFailure as failure:
            # A picture that was removed meanwhile: the others go on. In the middle it is a
            # cursor that died, and the run starts again.
            if begun or failure.why not in (Why.GONE, Why.REQUEST):
                raise


class Tags(MetaFeature):
    """Pictures of others in which the account is tagged; of private accounts there are none."""

    name = "tags"

    def run(self, span: Span) -> Iterator[Page]:
        us = self.account.us
        listed = self.account.graph.pages(us, "tags", said.TAG)
        for rows in self.newer(listed, span.down_to, "timestamp"):
            pictures = [said.media(us, row) for row in rows]
            yield self.page(one for one in pictures if not one.is_own(self.account.own))


def _at(row: Mapping[str, object], otherwise: datetime) -> datetime:
    return moment(row.get("timestamp")) or otherwise
