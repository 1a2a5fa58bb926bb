"""WhatsApp as a channel of Başvuru.

Cloud API of the WhatsApp Business Platform: messages are posted to us, media are fetched, answers
go out. Read it from the top: what there is (here), what an operator may choose (``settings``), how
a post is understood (``posts``), the channel, and what becomes of an item (``reader``).
"""

from pathlib import Path

from basvuru.plugin import Declaration

from basvuru_whatsapp.channel import WhatsApp
from basvuru_whatsapp.graph import REMEDY
from basvuru_whatsapp.settings import Settings

MANUAL = """\
Messages are posted to us: in Meta's app dashboard, under WhatsApp, Configuration, set the callback
URL to `https://YOUR-PORTAL/hooks/channel/NAME` (NAME as in `[channels.NAME]`) and the verify token
to `verify_token`, and subscribe to the field `messages`. Meta repeats a post that was not answered
for up to 7 days, and shows no message a second time: what a restored backup has lost is gone.

A photo, document, video or voice note comes as an item of its own beside its message, and is
fetched afterwards; Meta keeps it for some days only. Delivery reports, reactions and changes of a
number are no items.

The access token should be that of a system user with the permissions `whatsapp_business_messaging`
and `whatsapp_business_management`; it does not expire. Every five minutes the channel asks for the
number, so that a dead token is noticed before somebody waits for an answer.

Meta posts what comes to all numbers of an app to one address: messages to its other numbers land in
this account too, and are answered from the number that they were written to.

Answers in free text are allowed for 24 hours after the customer's last message.
"""

TURKISH = {
    "WhatsApp refuses the token (code {}).": "WhatsApp jetonu reddediyor (kod {}).",
    "WhatsApp does not know the number for this token.": "WhatsApp bu jetonla numarayı tanımıyor.",
    "Compare `phone_number_id` with WhatsApp, API Setup. {}": (
        "`phone_number_id` ayarını WhatsApp'taki API Setup sayfasıyla karşılaştırın. {}"
    ),
    REMEDY: (
        "Meta'nın işletme ayarlarında sistem kullanıcısına yeni bir jeton alın ve `access_token` "
        "ayarına yazın."
    ),
    "WhatsApp asks us to come back later.": "WhatsApp daha sonra gelmemizi istiyor.",
    "WhatsApp answers with HTTP {}.": "WhatsApp HTTP {} yanıtını veriyor.",
    "WhatsApp cannot be reached ({}).": "WhatsApp'a ulaşılamıyor ({}).",
}
"""What an operator reads on a page in Turkish; logs keep the English."""

CHANNEL = Declaration(
    kind="whatsapp",
    summary="WhatsApp messages, over Meta's Cloud API.",
    settings=Settings,
    open=WhatsApp,
    manual=MANUAL,
    samples=Path(__file__).parent / "samples",
    contract_version=1,
    demo="basvuru_whatsapp.standin:Demo",
    turkish=TURKISH,
)
