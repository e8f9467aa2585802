"""DN502 and DN507: what happens to personal data?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sphinxcontrib_designnote.diagnostics import Severity
from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.considerations import is_considered
from sphinxcontrib_designnote.rules.definition import NoteView, Report, Scope, rule
from sphinxcontrib_designnote.rules.personal import is_personal, says_protected
from sphinxcontrib_designnote.rules.subjects import listed, noun, short, statements

_ABOUT_AUDIT = re.compile(r'\b(?:audit\w*|logs?|logged|events?|trail)\b', re.IGNORECASE)
_LONGEST = 2000


@rule('DN502', 'pii-in-audit', Severity.WARNING, Scope.NOTE)
def pii_in_audit(view: NoteView) -> Iterator[Report]:
    """An audit event logs personal data, and nothing says how it is hidden or how long it is kept.

    **Why.** An audit trail is kept for years, read by many, and nothing in it can be deleted. What got into it has to
    be explained to whomever it is about.

    **Example.** ::

        .. audit-event:: invitation.sent
           :fields: invitation_id, actor_id, email

    **Use instead.** Plain, under "Audit Fields"::

        - Log `invitation.sent` with invitation_id, actor_id, email
          - Redaction: the email is hashed

    Directive::

        .. audit-event:: invitation.sent
           :fields: invitation_id, actor_id, email
           :redaction: the email is hashed

    **Options.** ``:pii: no`` on the event says that nothing of it is personal, and on a declared field that this one is
    not; ``:pii: yes`` says that it is.

    **Limits.** Personal are the fields that the note itself marks ``pii``, and names of email addresses, telephone
    numbers, people, places where they live, addresses of their machines and days of birth: ``email``,
    ``customer_name``, ``client_ip``. An id is not, and neither is a name that may be a thing's: ``name``,
    ``server_ip``, ``smtp_address``. ``redaction`` or ``retention`` will do, and so will words that say such a thing of
    the event, of all events ("Entries are kept for 90 days"), or in a security consideration about the audit trail.
    Events that are removed or stay as they are, are left alone.
    """
    marked = _marked_fields(view)
    protected: bool | None = None
    for _, events in statements(view, ('audit-event',), ('new', 'changed')):
        if any(event.incomplete or event.says('redaction', 'retention') for event in events):
            continue
        if any(event.flag('pii') is False or says_protected(*_words(event)) for event in events):
            continue
        for event in events:
            personal = [name for name in event.names('fields') if _is_personal(name, marked)]
            if not personal and not event.flag('pii'):
                continue
            protected = _is_protected(view) if protected is None else protected
            if not protected:
                yield _logged(event, personal, marked)
            break


def _logged(event: Item, personal: list[str], marked: dict[str, list[Item]]) -> Report:
    what = listed([short(name, 60) for name in personal]) if personal else 'personal data'
    message = f"{noun(event)} logs {what}, with neither redaction nor retention; add ':redaction:' or ':retention:'"
    fields = [field for name in personal for field in marked.get(_folded(name), ())]
    return Report(
        message=message,
        about=event,
        at=event.at('fields' if personal else 'pii'),
        related=tuple(field.location for field in fields[:10]),
    )


def _folded(name: str) -> str:
    return name.replace('`', '').strip().casefold()


def _marked_fields(view: NoteView) -> dict[str, list[Item]]:
    """Return the fields of the note that say whether they are personal, by their names with and without the owner's."""
    marked: dict[str, list[Item]] = {}
    for item in view.of('field'):
        if item.flag('pii') is not None:
            name = _folded(item.key)
            for key in {name, name.rpartition('.')[2]}:
                marked.setdefault(key, []).append(item)
    return marked


def _is_personal(name: str, marked: dict[str, list[Item]]) -> bool:
    """Whether a logged field is personal: as those that have its name say, else by the name itself."""
    fields = marked.get(_folded(name))
    return all(field.flag('pii') for field in fields) if fields else is_personal(name)


def _words(event: Item) -> Iterator[str]:
    yield event.body
    yield event.text('trigger') or ''


def _is_protected(view: NoteView) -> bool:
    """Whether the note says of its whole audit trail what becomes of personal data in it."""
    general = [event for event in view.of('audit-event') if not event.says('fields') and ' ' in event.key]
    about = [
        text
        for item in view.of('security-consideration')
        if _ABOUT_AUDIT.search(text := f'{item.title} {item.body[:_LONGEST]}')
    ]
    said = (f'{event.title} {event.body} {event.text("retention")}' for event in general)
    stated = any(event.says('redaction', 'retention') for event in general)
    return stated or says_protected(view.note.prose.get('audit', ''), *said, *about)


@rule('DN507', 'pii-unprotected', Severity.WARNING, Scope.NOTE, asks=True, answered_by='security')
def pii_unprotected(view: NoteView) -> Iterator[Report]:
    """Personal data is stored or sent anew, and no security consideration is about protecting it.

    **Why.** Who may see it, how long it stays and how it is deleted on request is cheap to decide now. Once a year of
    it is in a table, an export and a backup, it no longer is.

    **Example.** ::

        .. entity:: Order
           :change: modified

           .. field:: customer_note: text
              :change: add
              :pii: yes

    **Use instead.** Plain, under "Other Security Considerations"::

        - Personal data: `customer_note` is deleted with the order, after 24 months

    Directive::

        .. security-consideration:: Personal data in the customer's note
           :topic: data-protection
           :applies-to: Order.customer_note

           It is deleted with the order, after 24 months.

    **Limits.** New columns, fields of responses and fields of payloads that are marked ``pii``; not what clients send,
    which is personal data only once it is kept. Any consideration on data protection will do, by its topic or its
    words, and so will words on the field itself that say how it is hidden or when it goes. One finding for a note, at
    the first such field. Personal data in audit events is DN502's.
    """
    fields = [field for field in view.of('field') if field.flag('pii') and _is_new(field, view)]
    fields = [field for field in fields if not says_protected(field.body, field.text('classification') or '')]
    if not fields or is_considered(view, 'data-protection'):
        return
    names = listed([short(field.key, 60) for field in fields])
    be = 'is' if len(fields) == 1 else 'are'
    fix = "add a security consideration with ':topic: data-protection'"
    message = f'{names} {be} personal data, and nothing says how it is protected; {fix}'
    related = tuple(field.location for field in fields[1:11])
    yield Report(message=message, about=fields[0], related=related, detail='data-protection', shared=True)


def _is_new(field: Item, view: NoteView) -> bool:
    owner = view.parent(field)
    if owner is None or view.change(field) != 'add':
        return False
    if owner.kind == 'entity':
        return field.change == 'add' or view.change(owner) in ('new', 'modified')
    return field.text('in') in ('response', 'payload') or (owner.kind == 'interface' and not field.says('in'))


RULES = (pii_in_audit, pii_unprotected)
