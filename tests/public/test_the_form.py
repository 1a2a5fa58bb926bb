"""The form in process: what is taken, what is not, and that nothing is taken twice."""

import base64
import json

from altcha.v1 import solve_challenge
from public_forms import GIVEN, key_of, number_of


def fill(portal, world, **changed):
    """The form, opened and sent by somebody who took his time."""
    key = key_of(portal.get("/apply").text)
    world.later(seconds=30)
    return portal.post("/apply", data=GIVEN | {"key": key} | changed), key


def test_the_number_is_on_the_screen_at_once(portal, world):
    answer, _ = fill(portal, world)
    assert answer.status_code == 200
    [application] = world.applications()
    assert number_of(answer.text).replace("-", "") == application["number"]
    assert application["type"] == "complaint"
    world.drain()
    [sms] = world.gateway.taken
    assert sms.to == "+905550001234"
    assert number_of(answer.text) in sms.text


def test_a_form_sent_twice_is_one_application(portal, world):
    first, key = fill(portal, world)
    again = portal.post("/apply", data=GIVEN | {"key": key})
    assert number_of(first.text) == number_of(again.text)
    assert len(world.applications()) == 1
    [ledger] = world.ledger()
    assert ledger["seen"] == 1


def test_the_version_of_the_privacy_notice_is_kept(portal, world):
    fill(portal, world)
    from portal.public.notice import NOTICE_VERSION

    row = world.database.engine.connect().exec_driver_sql("select document from message").scalar()
    document = json.loads(row) if isinstance(row, str) else row
    assert document["form"]["notice"] == NOTICE_VERSION


def test_what_is_missing_is_said_and_what_was_written_stays(portal, world):
    answer, _ = fill(portal, world, type="", text="kısa", phone="12", name="")
    assert answer.status_code == 422
    for text in ("Ne iletmek istediğinizi seçin", "en az 10 karakter", "geçerli görünmüyor"):
        assert text in answer.text
    assert "Ödeme gecikti" in answer.text
    assert world.applications() == []


def test_a_data_protection_request_needs_an_identity_number(portal, world):
    answer, _ = fill(portal, world, type="data_protection")
    assert "kimlik numarası gereklidir" in answer.text
    answer, _ = fill(portal, world, type="data_protection", identity="10000000146")
    assert len(world.applications()) == 1


def test_programs_are_told_apart_without_watching_people(portal, world):
    key = key_of(portal.get("/apply").text)
    hasty = portal.post("/apply", data=GIVEN | {"key": key})
    assert "çok hızlı" in hasty.text
    world.later(seconds=30)
    baited = portal.post("/apply", data=GIVEN | {"key": key, "website": "http://x.example.test"})
    assert "program tarafından" in baited.text
    forged = portal.post("/apply", data=GIVEN | {"key": "A" * 40})
    assert "uzun süre açık" in forged.text
    assert world.applications() == []


def test_without_a_solved_puzzle_there_are_few_tries_in_an_hour(portal, world):
    for number in range(3):
        fill(portal, world, text=f"Başvuru metni, birbirinden farklı olan {number}. konu")
    refused, key = fill(portal, world, text="Dördüncü başvuru bundan çok farklı")
    assert refused.status_code == 429
    assert "Dördüncü başvuru" in refused.text
    other = key_of(portal.get("/apply").text)
    stolen = portal.post("/apply", data=GIVEN | {"key": key, "altcha": solution(portal, other)})
    assert stolen.status_code == 429
    answer = portal.post("/apply", data=GIVEN | {"key": key, "altcha": solution(portal, key)})
    assert number_of(answer.text)


def solution(portal, key) -> str:
    puzzle = portal.get("/apply/puzzle", params={"key": key}).json()
    solved = solve_challenge(
        puzzle["challenge"], puzzle["salt"], puzzle["algorithm"], puzzle["maxNumber"]
    )
    parts = {name: puzzle[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps(parts | {"number": solved.number}).encode()).decode()


def test_files_come_with_the_form_and_are_known_by_what_is_in_them(portal, world):
    key = key_of(portal.get("/apply").text)
    world.later(seconds=30)
    files = [
        ("attached", ("dekont.pdf", b"%PDF-1.4 deneme", "application/pdf")),
        ("attached", ("foto.exe", b"\xff\xd8\xff\xe0 jpeg", "application/octet-stream")),
    ]
    answer = portal.post("/apply", data=GIVEN | {"key": key}, files=files)
    assert number_of(answer.text)
    [application] = world.applications()
    assert application["attachment_count"] == 2


def test_a_program_in_a_pdf_s_clothes_is_refused_and_the_good_file_is_kept(portal, world):
    key = key_of(portal.get("/apply").text)
    world.later(seconds=30)
    good = ("attached", ("dekont.pdf", b"%PDF-1.4 deneme", "application/pdf"))
    bad = ("attached", ("fatura.pdf", b"MZ\x90\x00 program", "application/pdf"))
    refused = portal.post("/apply", data=GIVEN | {"key": key, "name": ""}, files=[good])
    assert refused.status_code == 422
    assert "dekont.pdf" in refused.text
    worse = portal.post("/apply", data=GIVEN | {"key": key}, files=[bad])
    assert "türünü alamıyoruz" in worse.text
    assert world.applications() == []


def test_a_file_goes_piece_by_piece_and_on_where_it_stopped(portal, world):
    data = b"%PDF-1.4 " + b"x" * 1_000
    name = base64.b64encode("Büyük dosya.pdf".encode()).decode()
    head = {"Upload-Length": str(len(data)), "Upload-Metadata": f"filename {name}"}
    address = portal.post("/uploads", headers=head).headers["location"]
    sent = portal.patch(address, headers={"Upload-Offset": "0"}, content=data[:400])
    assert (sent.status_code, sent.headers["upload-offset"]) == (204, "400")
    assert portal.patch(address, headers={"Upload-Offset": "0"}, content=b"x").status_code == 409
    assert portal.head(address).headers["upload-offset"] == "400"
    rest = portal.patch(address, headers={"Upload-Offset": "400"}, content=data[400:])
    assert rest.status_code == 204
    answer, _ = fill(portal, world, upload=address.rpartition("/")[2])
    assert number_of(answer.text)
    [application] = world.applications()
    assert application["attachment_count"] == 1
    assert portal.head(address).status_code == 404


def test_what_is_no_document_is_refused_when_it_is_whole(portal):
    address = portal.post("/uploads", headers={"Upload-Length": "4"}).headers["location"]
    sent = portal.patch(address, headers={"Upload-Offset": "0"}, content=b"MZ\x90\x00")
    assert sent.status_code == 415
    assert portal.post("/uploads", headers={"Upload-Length": "99999999999"}).status_code == 413


def test_a_portal_without_a_form_says_where_to_apply(closed_portal):
    answer = closed_portal.get("/apply")
    assert answer.status_code == 200
    assert "0850 000 00 00" in answer.text
    assert closed_portal.post("/apply", data=GIVEN).status_code == 404


def test_when_workers_have_to_number_it_the_page_says_so_and_looks_again(portal, world, house):
    stages, key = world.stages, key_of(portal.get("/apply").text)
    world.later(seconds=30)
    world.stages = {}
    answer = portal.post("/apply", data=GIVEN | {"key": key})
    assert "numarası birazdan verilecek" in answer.text
    assert answer.headers["refresh"]
    world.stages = stages
    world.drain()
    assert number_of(portal.get(answer.url.path).text)


def test_nobody_can_look_up_a_number_by_guessing_keys(portal):
    assert portal.get("/apply/received/" + "A" * 40).status_code == 404


def test_pages_about_applying_say_everything_in_both_languages(portal):
    for language, words in (("tr", ("Tahkim", "15 iş günü", "ücretsiz")), ("en", ("no fee",))):
        page = portal.get("/how-to-apply", headers={"accept-language": language}).text
        for word in words:
            assert word in page
    assert "2026-1" in portal.get("/privacy-notice").text
