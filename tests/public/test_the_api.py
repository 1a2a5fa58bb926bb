"""The interface for programs: does what the form does, and shows a key only its own."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from cases import api_keys
from portal.app import make_app
from storage import keys

SAID = {
    "type": "complaint",
    "text": "Hasar ödemem üç haftadır yapılmadı, dosyam bekliyor.",
    "name": "Deneme Kişi",
    "phone": "0555 000 12 34",
}


def add_key(world, name):
    key = api_keys.new_key()
    with world.database.write() as connection:
        keys.add(connection, name, api_keys.digest(key), by="test", now=world.moment)
    return {"authorization": f"Bearer {key}"}


@pytest.fixture
def api(house, world):
    return TestClient(make_app(house), headers=add_key(world, "mobile-app"))


def apply(api, key="key-00000001", **said):
    return api.post("/api/v1/applications", json=SAID | said, headers={"Idempotency-Key": key})


def test_an_application_has_its_number_in_the_answer(api, world):
    answer = apply(api)
    assert answer.status_code == 201, answer.text
    [application] = world.applications()
    assert answer.json()["number"].replace("-", "") == application["number"]
    assert application["account"] == "api-mobile-app"
    assert api.get("/api/v1/receipts/key-00000001").json() == answer.json()


def test_the_same_key_again_changes_nothing(api, world):
    first = apply(api)
    assert apply(api, text="Bambaşka bir metin, ama aynı anahtar").json() == first.json()
    assert len(world.applications()) == 1


def test_status_and_messages_are_for_the_key_that_brought_it(api, world):
    number = apply(api).json()["number"]
    file = api.post("/api/v1/files?name=ek.pdf", content=b"%PDF-1.4 x").json()
    assert file["content_type"] == "application/pdf"
    said = {"text": "Dekont ekte.", "files": [file["file"]]}
    where = f"/api/v1/applications/{number}"
    other = add_key(world, "another-app")
    assert api.get(where, headers=other).status_code == 404
    idempotent = {"Idempotency-Key": "key-00000002"}
    refused = api.post(f"{where}/messages", json=said, headers=other | idempotent)
    assert refused.status_code == 404
    added = api.post(f"{where}/messages", json=said, headers=idempotent)
    assert added.json()["joined"] is True
    [application] = world.applications()
    assert (application["message_count"], application["attachment_count"]) == (2, 1)
    seen = api.get(where).json()
    assert seen["stage"] == "received"
    assert [one["what"] for one in seen["steps"]] == ["received", "message_joined"]


def test_what_the_form_refuses_is_refused(api, world):
    for said in ({"phone": ""}, {"phone": "12"}, {"text": "kısa"}, {"type": "x"}, {"extra": 1}):
        assert apply(api, **said).status_code == 422
    assert apply(api, files=["nothing"]).status_code == 422
    assert apply(api, key="short").status_code == 422
    assert api.post("/api/v1/files", content=b"MZ\x90\x00").status_code == 415
    assert world.applications() == []


def test_the_same_request_twice_at_once_gets_the_same_answer(api, world, monkeypatch):
    from portal.public import api as room

    file = api.post("/api/v1/files?name=ek.pdf", content=b"%PDF-1.4 x").json()["file"]
    first = apply(api, files=[file])
    looked, look = [], room.receipt

    def not_yet(*which):
        """The second request looked before the first one had landed."""
        looked.append(which)
        return look(*which) if len(looked) > 1 else None

    monkeypatch.setattr(room, "receipt", not_yet)
    again = apply(api, files=[file])
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(world.applications()) == 1


def test_a_file_may_be_as_large_as_the_settings_say(api):
    large = api.post("/api/v1/files?name=tarama.pdf", content=b"%PDF-1.4 " + b"x" * 3_000_000)
    assert (large.status_code, large.json()["size"]) == (201, 3_000_009)
    larger = api.post("/api/v1/files?name=tarama.pdf", content=b"%PDF-1.4 " + b"x" * 20_000_000)
    assert larger.status_code == 413


def test_what_is_wrong_is_said_by_field_and_without_what_was_in_it(api):
    refused = apply(api, name="Deneme Kişi " * 20)
    assert "body.name" in refused.json()["detail"]
    assert "Deneme" not in refused.text
    for body in ('{"name": "\\ud800"}', '{"type": 1e999}', "[]", "{"):
        headers = {"content-type": "application/json", "Idempotency-Key": "key-00000001"}
        refused = api.post("/api/v1/applications", content=body, headers=headers)
        assert refused.status_code == 422
        assert isinstance(refused.json()["detail"], str)


def test_no_key_and_a_revoked_key_open_nothing(api, world):
    for headers in ({"authorization": ""}, {"authorization": "Bearer bvk_x"}):
        assert api.get("/api/v1/applications/1", headers=headers).status_code == 401
    with world.database.write() as connection:
        keys.revoke(connection, "mobile-app", world.moment)
    assert apply(api).status_code == 401


@pytest.mark.slow
def test_whatever_is_sent_the_answer_is_one_that_the_description_names(api):
    description = api.get("/api/v1/openapi.json").json()

    @settings(
        max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )
    @given(said=_bodies(), path=st.sampled_from(sorted(description["paths"])), part=st.text())
    def every_answer_is_described(said, path, part):
        for method, operation in description["paths"][path].items():
            address = path.replace("{number}", "26-1994-3644").replace("{key}", "key-00000009")
            answer = api.request(
                method,
                address,
                json=said if method == "post" and "files" not in path.split("/")[-1] else None,
                headers={"Idempotency-Key": f"key-{abs(hash(json.dumps(said))):012d}"},
                params={"name": part} if path.endswith("files") else None,
            )
            described = operation["responses"]
            assert str(answer.status_code) in described, (method, path, answer.status_code)
            _fits(answer, described[str(answer.status_code)], description)

    every_answer_is_described()


def _fits(answer, described, description):
    schema = described.get("content", {}).get("application/json", {}).get("schema")
    if schema and answer.status_code < 300:
        whole = schema | {"components": description["components"]}
        Draft202012Validator(whole).validate(answer.json())


def _bodies():
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=30),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=8,
    )
    fields = st.fixed_dictionaries(
        {}, optional={name: st.text(max_size=60) | anything for name in (*SAID, "files", "email")}
    )
    sound = st.fixed_dictionaries(
        {name: st.just(value) | st.text() for name, value in SAID.items()}
    )
    return fields | sound | anything
