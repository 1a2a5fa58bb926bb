"""What is read of a Page: posts of visitors, posts that name us, comments and replies."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from ingest.channels.facebook import said
from ingest.social.feature import Page
from ingest.social.graph_failures import GraphFailure, Why
from ingest.social.meta_account import Account
from ingest.social.meta_features import MetaFeature, Span
from ingest.social.meta_removals import Removals
from ingest.social.meta_said import moment, text_of

LIVELY = timedelta(days=30)
"""Posts of this age are looked at in each reading, older ones once a day: Graph tells of a comment
only by the time of its post."""
ALL = timedelta(days=365)
_SWEEP = timedelta(days=1)
POSTS_A_RUN = 40
"""Posts whose comments one run reads; the rest stays in the cursor."""


class Posts(MetaFeature):
    """Posts on the Page. Its own are no application; their comments are read elsewhere."""

    name = "posts"

    def run(self, span: Span) -> Iterator[Page]:
        us = self.account.us
        listed = self.account.graph.pages(us, "feed", said.POST)
        for rows in self.newer(listed, span.down_to, "created_time"):
            posts = [said.post(us, row) for row in rows]
            visitors = [post for post in posts if not post.is_own(self.account.own)]
            yield self.page(visitors)
            self.watch(visitors)


class Tagged(MetaFeature):
    """Posts elsewhere that name the Page; of people's private posts Graph shows none."""

    name = "tagged"

    def run(self, span: Span) -> Iterator[Page]:
        us = self.account.us
        listed = self.account.graph.pages(us, "tagged", said.TAGGED)
        for rows in self.newer(listed, span.down_to, "tagged_time", "created_time"):
            yield self.page(said.post(us, row, mention=True) for row in rows)


class Comments(MetaFeature):
    """Comments and replies under the posts that moved.

    Cursor: ``start``; ``swept``, when the old posts were last looked at; and while a run has more
    posts than it may read, ``todo`` with the rest of them and ``down_to``, how far back it reads.
    """

    name = "comments"

    def __init__(self, account: Account) -> None:
        super().__init__(account)
        self._removals = Removals(account, "facebook")

    def run(self, span: Span) -> Iterator[Page]:
        left = span.cursor.get("todo")
        todo = left if isinstance(left, list) and left else self._moved(span)
        down_to = (moment(span.cursor.get("down_to")) if left else None) or span.down_to
        for post in todo[:POSTS_A_RUN]:
            yield from self._under(str(post), down_to)
        rest = todo[POSTS_A_RUN:]
        self.cursor |= {"todo": rest, "down_to": down_to.isoformat() if rest else None}
        self.complete = not rest
        if self.complete:
            yield from self._removals.run()

    def _moved(self, span: Span) -> list[str]:
        """Posts with something new since, the latest first."""
        now, swept = self.account.now(), moment(span.cursor.get("swept"))
        sweeps = swept is None or now - swept > _SWEEP
        listed = self.account.graph.pages(self.account.us, "feed", "id,created_time,updated_time")
        moved: list[tuple[datetime, str]] = []
        for rows in self.newer(listed, now - (ALL if sweeps else LIVELY), "created_time"):
            for row in rows:
                at = moment(row.get("updated_time")) or moment(row.get("created_time")) or now
                if at >= span.down_to:
                    moved.append((at, text_of(row.get("id"))))
        if sweeps:
            self.cursor["swept"] = now.isoformat()
        return [post for _, post in sorted(moved, reverse=True)]

    def _under(self, post: str, down_to: datetime) -> Iterator[Page]:
        listed = self.account.graph.pages(
            post, "comments", said.COMMENT, filter="stream", order="reverse_chronological"
        )
        begun = False
        try:
            for rows in self.newer(listed, down_to, "created_time"):
                begun = True
                comments = [said.comment(self.account.us, row, post) for row in rows]
                yield self.page(comments)
                self.watch(comments)
        except GraphFailure as failure:
            # A post that was removed meanwhile, or a kind of post without comments: the others
            # go on. In the middle it is a cursor that died, and the run starts again.
            if begun or failure.why not in (Why.GONE, Why.REQUEST):
                raise
