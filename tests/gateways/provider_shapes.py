"""What the providers' APIs look like, from their own documents. Numbers and ids are made up."""

import json
from urllib.parse import parse_qs

from peers.http_provider import Asked, Says, Shape

BUSY = Says(429, "Too Many Requests")


def as_json(status: int, body: object) -> Says:
    return Says(status, json.dumps(body), {"Content-Type": "application/json"})


def _netgsm_message(asked: Asked) -> tuple[str, str] | None:
    if asked.path != "/sms/rest/v2/send":
        return None
    [message] = json.loads(asked.body)["messages"]
    return message["no"], message["msg"]


def _netgsm_answer(asked: Asked) -> Says:
    if asked.path == "/sms/rest/v2/send":
        return as_json(200, {"code": "00", "jobid": "17377215342605050", "description": "queued"})
    return as_json(406, {"code": "60", "description": "no record"})


NETGSM = Shape(
    _netgsm_message,
    _netgsm_answer,
    busy=as_json(406, {"code": "80", "description": "limit"}),
    denied=as_json(406, {"code": "30", "description": "credentials"}),
)


def _verimor_message(asked: Asked) -> tuple[str, str] | None:
    if asked.path != "/v2/send.json":
        return None
    [message] = json.loads(asked.body)["messages"]
    return message["dest"], message["msg"]


def _verimor_answer(asked: Asked) -> Says:
    if asked.path == "/v2/send.json":
        return Says(200, "20212")
    if asked.path == "/v2/headers":
        return as_json(200, ["ORNEK"])
    return Says(404, "Bu idye sahip kampanya bulunamadı")


VERIMOR = Shape(
    _verimor_message,
    _verimor_answer,
    busy=BUSY,
    denied=Says(401, "Geçersiz kullanıcı adı/şifre"),
)


def iletimerkezi_says(http: int, code: int, /, **order: object) -> Says:
    response: dict[str, object] = {"status": {"code": code, "message": "..."}}
    if order:
        response["order"] = order
    return as_json(http, {"response": response})


def _iletimerkezi_message(asked: Asked) -> tuple[str, str] | None:
    if asked.path != "/v1/send-sms/json":
        return None
    message = json.loads(asked.body)["request"]["order"]["message"]
    return message["receipents"]["number"][0], message["text"]


def _iletimerkezi_answer(asked: Asked) -> Says:
    if asked.path == "/v1/send-sms/json":
        return iletimerkezi_says(200, 200, id="312891245")
    return iletimerkezi_says(455, 455)


ILETIMERKEZI = Shape(
    _iletimerkezi_message,
    _iletimerkezi_answer,
    busy=iletimerkezi_says(503, 503),
    denied=iletimerkezi_says(401, 401),
)

ACCOUNT = "AC" + "0" * 32
_MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"


def _twilio_message(asked: Asked) -> tuple[str, str] | None:
    if (asked.method, asked.path) != ("POST", _MESSAGES):
        return None
    form = parse_qs(asked.body.decode())
    return form["To"][0], form["Body"][0]


def _twilio_answer(asked: Asked) -> Says:
    if asked.method == "POST":
        return as_json(201, {"sid": "SM" + "1" * 32, "status": "queued", "error_code": None})
    if asked.path == _MESSAGES:
        return as_json(200, {"messages": []})
    return as_json(200, {"status": "active"})


TWILIO = Shape(
    _twilio_message,
    _twilio_answer,
    busy=as_json(429, {"code": 20429, "message": "Too Many Requests", "status": 429}),
    denied=as_json(401, {"code": 20003, "message": "Authenticate", "status": 401}),
)


def _kannel_message(asked: Asked) -> tuple[str, str] | None:
    query = asked.query
    return (query["to"], query["text"]) if "to" in query else None


def _kannel_answer(asked: Asked) -> Says:
    if "to" not in asked.query:
        return Says(400, "Missing receiver number, rejected")
    return Says(202, "0: Accepted for delivery")


KANNEL = Shape(
    _kannel_message,
    _kannel_answer,
    busy=Says(503, "Temporal failure, try again later."),
    denied=Says(403, "Authorization failed for sendsms"),
)
