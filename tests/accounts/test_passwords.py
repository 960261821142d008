from contest.accounts import passwords


def test_a_hash_knows_its_own_password_only():
    kept = passwords.hash_secret("correct horse")

    assert passwords.is_secret(kept, "correct horse")
    assert not passwords.is_secret(kept, "correct horsf")
    assert "correct" not in kept


def test_without_a_hash_nothing_is_right():
    assert not passwords.is_secret(None, "anything")


def test_a_pin_has_six_digits():
    pins = {passwords.make_pin() for _ in range(50)}

    assert all(len(pin) == 6 and pin.isdecimal() for pin in pins)
    assert len(pins) > 40


def test_a_code_for_typing_has_no_letters_that_look_alike():
    code = passwords.make_words()

    assert [len(group) for group in code.split("-")] == [4, 4, 4]
    assert not set(code) & set("01OIL")
