"""What a field is told beyond its label stands in its control."""

import re


def test_a_field_says_what_browsers_and_password_managers_need(portal) -> None:
    page = portal.get("/staff/sign-in").text
    [login] = re.findall(r'<input[^>]*name="login"[^>]*>', page)
    [password] = re.findall(r'<input[^>]*name="password"[^>]*>', page)
    assert 'autocomplete="username"' in login
    assert 'autocomplete="current-password"' in password
    assert 'maxlength="200"' in password
