import json
from pathlib import Path

from normalizers.published import published_page, published_schema
from normalizers.schema import FormFacts, MailFacts, Message, SocialFacts

ROOT = Path(__file__).parents[2]


def test_the_page_about_the_schema_is_the_printed_one():
    written = (ROOT / "docs/schema.md").read_text(encoding="utf-8")
    assert written == published_page(), (
        "run: basvuru normalize --schema --markdown > docs/schema.md"
    )


def test_the_schema_names_exactly_the_keys_that_are_published():
    properties = set(published_schema()["properties"])
    social = SocialFacts(network="x", external_id="1", first_id="1")
    message = Message(
        source="a", kind="email", mail=MailFacts(), social=social, form=FormFacts(), pages=()
    )
    assert set(message.flat()) == properties
    assert json.dumps(published_schema())
