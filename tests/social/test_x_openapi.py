"""The stand-in says what X says: its answers are checked against X's own descriptions, where those
are at hand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from ingest.testkit.standins.x import ME, TOKEN, XStandin

jsonschema = pytest.importorskip("jsonschema")
FOLDER = Path(__file__).parents[2].parent / "shared" / "fixtures" / "social" / "x" / "openapi"
FILES = {"tweet": "openapi-2.159-tweet-fields.json", "post": "openapi-2.167-post-fields.json"}
PATHS = {
    f"/2/users/{ME}/mentions": "/2/users/{id}/mentions",
    "/2/tweets/search/recent": "/2/tweets/search/recent",
    "/2/tweets": "/2/tweets",
    "/2/dm_events": "/2/dm_events",
    "/2/users/me": "/2/users/me",
}
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="X's descriptions are not here")


@pytest.fixture
def x() -> Iterator[XStandin]:
    with XStandin() as server:
        yield server


@pytest.fixture(scope="module", params=["tweet", "post"])
def described(request: pytest.FixtureRequest) -> tuple[str, dict[str, Any]]:
    return request.param, json.loads((FOLDER / FILES[request.param]).read_bytes())


def expect(document: dict[str, Any], method: str, path: str, status: str, body: Any) -> None:
    answer = document["paths"][path][method]["responses"][status]
    schema = answer["content"]["application/json"]["schema"]
    whole = {**schema, "components": document["components"]}
    jsonschema.Draft202012Validator(whole).validate(body)


@pytest.mark.slow
def test_what_is_read_has_the_shape_that_x_describes(
    x: XStandin, described: tuple[str, dict[str, Any]]
) -> None:
    dialect, document = described
    post, gone = x.post("Şikâyetim var"), x.post("silindi")
    gone.deleted = True
    x.edit(post, "düzeltildi")
    x.write("merhaba")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    asked = {"query": "x", "ids": f"{post.id},{gone.id}", f"{dialect}.fields": "id"}
    for path, pattern in PATHS.items():
        body = httpx2.get(f"{x.url}{path}", params=asked, headers=headers).json()
        expect(document, "get", pattern, "200", body)


@pytest.mark.slow
def test_an_empty_list_and_what_was_sent_have_it_too(
    x: XStandin, described: tuple[str, dict[str, Any]]
) -> None:
    _, document = described
    headers = {"Authorization": f"Bearer {TOKEN}"}
    empty = httpx2.get(f"{x.url}/2/users/{ME}/mentions", headers=headers).json()
    expect(document, "get", "/2/users/{id}/mentions", "200", empty)
    post, event = x.post("yardım"), x.write("merhaba")
    reply = {"text": "Merhaba", "reply": {"in_reply_to_tweet_id": post.id}}
    made = httpx2.post(f"{x.url}/2/tweets", json=reply, headers=headers)
    assert made.status_code == 201
    expect(document, "post", "/2/tweets", "201", made.json())
    path = f"/2/dm_conversations/with/{event['sender_id']}/messages"
    sent = httpx2.post(f"{x.url}{path}", json={"text": "Merhaba"}, headers=headers)
    assert sent.status_code == 201
    pattern = "/2/dm_conversations/with/{participant_id}/messages"
    expect(document, "post", pattern, "201", sent.json())
