"""Which names are of personal data, and whether words say what is done to protect it."""

from __future__ import annotations

import re

from sphinxcontrib_designnote.model.identity import words_of
from sphinxcontrib_designnote.rules.words import affirms

#: A name is one of personal data where it ends in ``data``, or in "name" behind one of ``people``, and every word
#: before only says whose or which it is: a ``server_ip`` and a ``support_email`` are nobody's, a ``customer_id`` and a
#: ``user_name`` are ids. Separators do not count.
_TABLE = {
    'data': 'email emailaddress mailaddress phone phonenumber telephone telephonenumber mobilephone mobilenumber '
    'firstname lastname givenname familyname middlename maidenname fullname legalname realname surname birthdate '
    'dateofbirth birthday dob msisdn address ip ipaddress ipaddr remoteaddr ssn socialsecuritynumber passportnumber',
    'people': 'customer patient person employee driver rider passenger guest member student pupil teacher doctor '
    'subscriber recipient sender invitee inviter contact buyer shopper applicant candidate visitor caller payer payee '
    'cardholder attendee participant traveller traveler parent child borrower resident donor requester requestor '
    'approver reviewer assignee author courier',
    'which': 'old new previous current former original primary secondary work home private personal billing shipping '
    'delivery invoice postal mailing street remote source login request client user account owner actor plain raw '
    'verified the a an s his her their and',
}
_DATA, _PEOPLE, _WHICH = (frozenset(_TABLE[part].split()) for part in ('data', 'people', 'which'))
_HANDLED = re.compile(
    r'\b(?:hash(?:ed|es|ing)?|mask(?:ed|s|ing)?|redact\w*|truncat\w+'
    r'|pseudonymi[sz]\w+|anonymi[sz]\w+|obfuscat\w+|scrub\w*|encrypt\w*|tokeni[sz]\w+|retention|retain\w*|purge[sd]?'
    r'|(?:kept|stored)\s+(?:for|until)|(?:deleted|removed|erased|dropped)\s+after|after\s+\d+\s+(?:day|week|month|year)s?)'
    r'\b',
    re.IGNORECASE,
)


def is_personal(name: str) -> bool:
    """Whether *name*, an identifier or a few words, is one of personal data: ``customer_email``, ``date of birth``."""
    words = [*words_of(name)][-8:]
    if 'of' in words[1:-1]:  # "name of the customer", "date of birth"
        at = words.index('of', 1)
        words = [*words[at + 1 :], *words[:at]]
    for start in range(len(words)):
        before, last = words[:start], ''.join(words[start:])
        if not (_WHICH | _PEOPLE).issuperset(before):
            return False
        forms = {last, last.removesuffix('s'), last.removesuffix('es')}
        if forms & _DATA or ('name' in forms and not _PEOPLE.isdisjoint(before)):
            return True
    return False


def says_protected(*texts: str) -> bool:
    """Whether *texts* say that data is hidden, or how long it is kept."""
    return affirms(_HANDLED, *texts)
