"""The guarded Graph client: what facebook-sdk alone gets wrong is right."""

import traceback
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from ingest.errors import Later, Misconfigured
from ingest.outcomes import Accepted, Never, NotNow, Stop, Unknown
from ingest.social.graph import Access, Graph
from ingest.social.graph_failures import GraphFailure, Why
from ingest.social.http import Clock
from ingest.social.trouble import Cause, Trouble
from ingest.testkit.standins import graph as standin
from ingest.testkit.standins.graph import APP_SECRET, TOKEN, Answer, GraphServer, real_time
from ingest.testkit.standins.graph_data import PAGE, PAGE_NAME


@pytest.fixture
def server() -> Iterator[GraphServer]:
    with GraphServer() as made:
        yield made


def client(server: GraphServer, **other: Any) -> Graph:
    values: Any = {"token": TOKEN, "secret": APP_SECRET, "base": server.url} | other
    return Graph(Access(**values), Clock(real_time), real_time)


def failure_of(graph: Graph) -> GraphFailure:
    with pytest.raises(GraphFailure) as caught:
        graph.object(PAGE, "id,name")
    return caught.value


def test_an_object_is_read_with_a_current_version(server: GraphServer) -> None:
    assert client(server).object(PAGE, "id,name") == {"id": PAGE, "name": PAGE_NAME}


def test_every_page_is_read_and_an_empty_one_is_not_the_end(server: GraphServer) -> None:
    for number in range(250):
        server.data.post_by("42", f"yazı {number}")
    pages = list(client(server).pages(PAGE, "feed", "id,message"))
    assert [len(page) for page in pages] == [100, 100, 50]
    link = f"https://graph.facebook.com/x?access_token={TOKEN}&after=c0"
    server.faults.append(standin.says({"data": [], "paging": {"next": link}}))
    assert [len(page) for page in client(server).pages(PAGE, "feed", "id")][:2] == [0, 100]


def test_the_token_is_in_a_header_unless_the_switch_says_otherwise(server: GraphServer) -> None:
    assert client(server, in_query=True).object(PAGE, "id")
    server.token = "another"
    assert failure_of(client(server)).why is Why.TOKEN


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (standin.ERROR_PAGE, Why.TIME),
        (standin.NO_TYPE, Why.TIME),
        (standin.NOT_JSON, Why.TIME),
        (standin.LIST_BODY, Why.TIME),
        (standin.TRANSIENT, Why.TIME),
        (standin.says({"no": "error"}, 500), Why.TIME),
        (Answer(302, b"", {"Location": "https://example.test/"}), Why.TIME),
        (Answer(429, b"slow down", {"Content-Type": "text/plain"}), Why.LIMIT),
        (standin.throttled(None), Why.LIMIT),
        (standin.error(190, 460), Why.TOKEN),
        (standin.error(10), Why.PERMISSION),
        (standin.error(200), Why.PERMISSION),
        (standin.error(10, 2018278), Why.WINDOW),
        (standin.error(100, 33), Why.GONE),
        (standin.error(2635), Why.VERSION),
        (standin.error(368), Why.BLOCKED),
        (standin.error(99999), Why.REQUEST),
        (standin.says({"error": {"code": "x", "message": ["odd"]}}, 400), Why.REQUEST),
    ],
)
def test_each_refusal_is_sorted_by_who_can_help(
    server: GraphServer, answer: Answer, why: Why
) -> None:
    server.faults.append(answer)
    assert failure_of(client(server)).why is why


def test_a_broken_line_is_busy(server: GraphServer) -> None:
    server.down = True
    with pytest.raises(Trouble) as caught:
        client(server).object(PAGE, "id")
    assert caught.value.cause is Cause.BUSY


def test_the_wait_is_what_the_usage_header_says(server: GraphServer) -> None:
    server.limit = standin.throttled(timedelta(minutes=7))
    assert failure_of(client(server)).after == timedelta(minutes=7)


def test_while_a_limit_lasts_nothing_is_sent(server: GraphServer) -> None:
    server.limit = standin.throttled(timedelta(minutes=7))
    graph = client(server)
    failure_of(graph)
    server.limit = None
    assert failure_of(graph).after == timedelta(minutes=7)
    assert len(server.asked) == 1


def test_usage_is_noted(server: GraphServer) -> None:
    server.usage = 83
    graph = client(server)
    graph.object(PAGE, "id")
    assert graph.usage.percent == 83


def test_no_failure_shows_token_secret_or_proof(server: GraphServer) -> None:
    server.faults.append(standin.error(190, 463, text=f"Malformed access token {TOKEN}"))
    graphs = [client(server), client(server, in_query=True)]
    failures: list[Exception] = [failure_of(graphs[0])]
    server.stop()
    for graph in graphs:
        with pytest.raises(Trouble) as caught:
            graph.object(PAGE, "id")
        failures.append(caught.value)
    for failure in failures:
        text = "".join(traceback.format_exception(failure)) + repr(failure) + repr(vars(failure))
        assert TOKEN not in text
        assert "appsecret_proof" not in text
        assert failure.__context__ is None
    assert TOKEN not in repr(Access(token=TOKEN, secret=APP_SECRET))


def test_a_wrong_app_secret_is_refused_by_the_server(server: GraphServer) -> None:
    assert failure_of(client(server, secret="other")).why is Why.REQUEST


def test_a_path_that_is_no_id_never_leaves_the_machine(server: GraphServer) -> None:
    with pytest.raises(GraphFailure):
        client(server).object("../me?fields=x", "id")
    assert server.asked == []


def test_operators_are_told_account_cause_and_remedy() -> None:
    told = GraphFailure(Why.TOKEN, 190, 460).as_trouble("Facebook Page 1 (page)").failure()
    assert isinstance(told, Misconfigured)
    assert told.reason == (
        "Facebook Page 1 (page): the access token is dead: the password of the account was "
        "changed (190/460)."
    )
    assert "page_token" in told.remedy
    assert isinstance(GraphFailure(Why.TIME).as_trouble("x").failure(), Later)


def test_a_failed_reply_is_sorted_by_what_happens_next() -> None:
    outcomes = {
        GraphFailure(Why.LIMIT): NotNow,
        GraphFailure(Why.TIME): Unknown,
        GraphFailure(Why.WINDOW): Never,
        GraphFailure(Why.GONE): Never,
        GraphFailure(Why.DUPLICATE): Accepted,
        GraphFailure(Why.TOKEN): Stop,
    }
    for failure, kind in outcomes.items():
        assert isinstance(failure.as_outcome("x"), kind)
