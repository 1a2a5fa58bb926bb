"""How a phone number is shown to people who need not dial it."""

import phonenumbers


def mask_phone(e164: str) -> str:
    """``+905550001233`` as ``+90 555 *** ** 33``; foreign numbers keep only country and end.

    What is no number at all is hidden whole.
    """
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return "***"  # nothing in it can be told apart from the private part
    digits = phonenumbers.national_significant_number(number)
    if number.country_code == 90 and len(digits) == 10:
        return f"+90 {digits[:3]} *** ** {digits[-2:]}"
    return f"+{number.country_code} *** {digits[-2:]}"
