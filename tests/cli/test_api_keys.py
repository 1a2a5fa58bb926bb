"""Keys on the command line."""


def test_a_key_is_shown_once_and_its_name_stays_taken(cli):
    made = cli("api-key", "add", "mobile-app")
    assert made.exit_code == 0
    assert made.stdout.startswith("bvk_")
    [row] = cli.json("api-key", "list")
    assert row["name"] == "mobile-app"
    assert made.stdout.strip() not in str(row)
    assert cli("api-key", "add", "mobile-app").exception is not None
    assert cli("api-key", "revoke", "mobile-app").exit_code == 0
    assert cli("api-key", "add", "Mobile App").exception is not None
