"""Which names are of personal data."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.rules.personal import is_personal, says_protected


@pytest.mark.parametrize(
    'name',
    [
        *('email', 'emails', 'e-mail', 'customer_email', 'customerEmail', 'email_address', 'old and new email'),
        *('phone', 'phone_number', 'mobile_numbers', 'user.phone', 'msisdn'),
        *('first_name', 'lastName', 'full name', 'customer_name', 'name of the customer', "the patient's name"),
        *('address', 'addresses', 'shipping_address', 'home address of the guest'),
        *('ip', 'client_ip', 'IPAddress', 'actor.ip_address', 'remote_addr'),
        *('birth_date', 'date of birth', 'date_of_birth', 'dob'),
    ],
)
def test_a_name_of_personal_data_is_one(name: str) -> None:
    assert is_personal(name)


@pytest.mark.parametrize(
    'name',
    [
        *('user_id', 'email_id', 'customer_id', 'actor', 'username', 'user_name'),
        *('email_domain', 'email_verified', 'email_hash', 'hashed_email', 'email (masked)', 'has_phone', 'phone_type'),
        *('name', 'job_name', 'name of the job', 'template name', 'client_name', 'filename'),
        *('smtp_address', 'mac_address', 'bind address', 'server_ip', 'ip_range', 'zip', 'vip'),
        *('support_email', 'birth', 'of', '', '...'),
    ],
)
def test_a_name_of_an_id_or_a_thing_is_none(name: str) -> None:
    assert not is_personal(name)


@pytest.mark.parametrize(
    'text', ['hashed with a salt', 'Masked but for the last two digits', 'kept for 90 days', 'no name, hashed address']
)
def test_words_say_what_becomes_of_data(text: str) -> None:
    assert says_protected('', text)


@pytest.mark.parametrize('text', ['not masked', 'no retention', 'is kept', 'the user is deleted', '`email_hash`', ''])
def test_other_words_do_not(text: str) -> None:
    assert not says_protected(text)


def test_a_long_name_is_no_name() -> None:
    assert not is_personal('x of ' * 100_000)
