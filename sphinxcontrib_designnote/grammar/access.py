"""Authorization touchpoints, audit events and security considerations of a plain note."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sphinxcontrib_designnote.grammar.blocks import LIMIT, Block, Form, texts, unmarked
from sphinxcontrib_designnote.grammar.bullets import read_authorization, read_roles
from sphinxcontrib_designnote.grammar.changes import first_change
from sphinxcontrib_designnote.grammar.reading import (
    Context,
    add_text,
    pair_of,
    sentences,
    set_option,
    take_option,
    take_remarks,
    title_of,
)
from sphinxcontrib_designnote.grammar.tables import TableRow, rows_of
from sphinxcontrib_designnote.grammar.walk import read_blocks
from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.identity import ENDPOINT_MENTION

_HINT_ACCESS = "write 'POST /jobs: requires editor role', or move it to another section"
_HINT_AUDIT = "write 'Log `job.started` with user and job id', or move it to another section"
_HINT_SECURITY = "write 'Rate limiting: 10 requests a minute', or move it to another section"
_YES = frozenset({'✓', '✔', '✅', 'x', 'yes', 'y', 'allow', 'allowed', '●', '☑', '✔️'})
_ABOUT_ACCESS = re.compile(
    r'\b(?:roles?|permissions?|scopes?|auth(?:enticat\w+|oriz\w+|oris\w+)?|admins?|owners?|public|anonymous|rbac|acl)\b',
    re.IGNORECASE,
)
_DO = (
    'read|write|written|edit(?:ed)?|create[sd]?|change[sd]?|delete[sd]?|see|seen|view(?:ed)?|manage[sd]?|call(?:ed)?'
    '|start(?:ed)?|approve[sd]?|used?|access(?:ed)?|update[sd]?|remove[sd]?|list(?:ed)?'
)
#: ``Areas are written by managers``, ``Managers may write areas``: who may, without a word such as role.
_WHO_MAY = re.compile(rf'\b(?:{_DO})\s+(?:only\s+)?by\b|\b(?:may|can)\s+(?:only\s+|not\s+)?(?:{_DO})\b', re.IGNORECASE)
#: Topic of a consideration to the words that tell it.
_TOPICS: Mapping[str, re.Pattern[str]] = {
    topic: re.compile(rf'\b(?:{words})', re.IGNORECASE)
    for topic, words in {
        'rate-limiting': r'rate[- ]?limit\w*|throttl\w+|quotas?\b|requests? (?:per|a) (?:second|minute)',
        'input-validation': r'(?:input |request |payload )?validat\w+|sanitiz\w+|sanitis\w+|escap(?:ed|ing)|injection',
        'secrets': r'secrets?\b|credentials?|passwords?|api keys?|tokens?\b|vault|private keys?|key rotation',
        'data-protection': r'pii\b|personal data|gdpr|encrypt\w*|data protection|privacy|sensitive data|confidential\w*'
        r'|retention|anonymi[sz]\w+|data at rest',
        'abuse': r'abuse|denial of service|dos\b|ddos|spam|fraud|enumerat\w+|brute[- ]force|amplification',
        'dependency': r'dependenc\w+|third[- ]party|librar\w+|supply chain|cve',
    }.items()
}


def read_authorizations(blocks: Sequence[Block], context: Context) -> None:
    """Read who may do what."""
    read_blocks(blocks, context, _read_access, _HINT_ACCESS)


def _read_access(block: Block, context: Context) -> bool:
    if block.form is Form.TABLE:
        return _read_access_table(block, context)
    text = ' '.join(unmarked(block.text).split())
    is_prose = block.form is Form.PARAGRAPH
    if not text or block.form is Form.CODE:
        return False
    if block.form in (Form.HEADING, Form.BOLD) or (text.endswith(':') and block.children):
        if ENDPOINT_MENTION.match(text) is None or not block.children:
            return False
        text = text.rstrip(':')
    if is_prose and not any(each.search(text[:LIMIT]) for each in (ENDPOINT_MENTION, _ABOUT_ACCESS, _WHO_MAY)):
        return False
    argument, options = read_authorization(text)
    if is_prose or (not options and argument == text):
        argument, rest = title_of(argument.rstrip('.')) if not options else (argument, '')
        argument, dash, why = argument.partition(' - ') if ' - ' in argument else argument.partition(' — ')
        rest = f'{why} {rest}'.strip() if dash else rest
    drafts = context.reading.add('authorization', argument.rstrip('.'), block, options=options)
    if not options and (roles := read_roles(text)):
        set_option(drafts, drafts[0].kind.options['roles'], ', '.join(roles), block.line)
    add_text(drafts, [text], block.line)
    for child in block.children:
        if not take_option(drafts, child):
            add_text(drafts, texts((child,)), child.line)
            if 'roles' not in drafts[0].fields and (roles := read_roles(child.text)):
                set_option(drafts, drafts[0].kind.options['roles'], ', '.join(roles), child.line)
    return True


def _read_access_table(table: Block, context: Context) -> bool:
    """Read a table of operations and roles, or one with a column for each role."""
    reading = context.reading
    kind = reading.kinds['authorization']
    before = len(reading.found)
    for row in rows_of(table, kind, context):
        subject = ' '.join(filter(None, (row.get('method'), row.get('path', 'name', 'step', 'event', 'table'))))
        subject = subject or (row.block.cells[0] if row.block.cells else '')
        if not subject.strip():
            continue
        drafts = reading.add('authorization', subject.replace('`', ''), row.block)
        ticked = [text.partition(': ')[0] for text in row.texts if text.partition(': ')[2].strip().casefold() in _YES]
        for option, value in row.options:
            found = read_roles(value) or (('any',) if value.strip().casefold() == 'any' else ())
            if option.name == 'change':
                value = {'new': 'new', 'existing': 'existing'}.get(first_change(value) or '', '')
            elif option.name == 'roles':
                if re.search(r'\b(?:public|anonymous|none|no auth)\b', value, re.IGNORECASE):
                    set_option(drafts, kind.options['public'], 'yes', row.block.line)
                    continue
                value = ', '.join(found or _listed_roles(value)) or value
            set_option(drafts, option, value, row.block.line)
        if ticked:
            set_option(drafts, kind.options['roles'], ', '.join(ticked), row.block.line)
        add_text(drafts, [' | '.join(cell for cell in row.block.cells if cell)], row.block.line)
    return len(reading.found) > before


def _listed_roles(cell: str) -> list[str]:
    """Return the roles that a cell lists, without what it says of them: ``analyst, own jobs; admin``."""
    names = [' '.join(name.replace('`', '').split()) for name in re.split(r'[,;/\n]|\bor\b|\band\b', cell)]
    return [name for name in names if 0 < len(name.split()) <= 3 and not _NO_ROLE.match(name)]


_NO_ROLE = re.compile(r'(?:own|all|any|only|their|but|not|if|when|for|of|on)\b', re.IGNORECASE)

_LOGGED = re.compile(
    r'^(?:we\s+(?:will\s+)?)?(?:audit[- ]?log|log(?:s|ged)?|record(?:s|ed)?|emit(?:s|ted)?|write|audit|store|capture)\b'
    r'(?:\s+(?:to|in|into)\s+(?:the\s+)?audit\s+(?:trail|log))?\s*(?:an?\s+|the\s+)?(?:audit\s+)?(?:event\s+)?',
    re.IGNORECASE,
)
_WHEN = re.compile(
    r'\b(?:when(?:ever)?|each time|every time|on|after|upon|if)\s+(?P<trigger>[^:`.;(]{3,150})', re.IGNORECASE
)
#: A payload is no longer.
_LONGEST = 2000
_JSON_KEY = re.compile(r'["\'](?P<key>[\w.-]{1,80})["\']\s*:\s*(?:["\'](?P<value>[^"\']{0,200})["\'])?')
_OPENING = re.compile(r'(?<!/)\{')
_EVENT_KEYS = frozenset({'action', 'event', 'type', 'event_type', 'name', 'event_name'})
_EVENT = re.compile(r'`(?P<name>[A-Za-z][\w-]*(?:[.:/][\w-]+)+|[a-z]+(?:_[a-z]+)+|[A-Z]\w+)`')
_BARE_EVENT = re.compile(r'(?P<name>[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)(?=\s*(?:$|[:(,–—]|-\s|\bwhen\b|\bwith\b|\bon\b))')
_WITH = re.compile(
    r'\b(?:with|fields?|payload|including|includes?|contain(?:s|ing)|captur(?:es?|ing)|carries)\b\s*(?::|are)?\s*'
    r'(?:the\s+)?(?P<names>[^.;:()]{2,200})',
    re.IGNORECASE,
)
_AS_BEFORE = re.compile(r'\s+(?:separately\b.*|as\s+(?:existing|before|today|now)\b.*|unchanged\b.*)$', re.IGNORECASE)
_EXISTING = re.compile(r'\b(?:existing|already|as before|as today|unchanged|no change)\b', re.IGNORECASE)


def read_audit_events(blocks: Sequence[Block], context: Context) -> None:
    """Read what is written to the audit trail."""
    read_blocks(blocks, context, _read_event, _HINT_AUDIT)


def _read_event(block: Block, context: Context) -> bool:
    if block.form is Form.TABLE:
        return _read_event_table(block, context)
    text = ' '.join(unmarked(block.text).split())
    events = context.last('audit-event')
    if block.form is Form.CODE:
        return _read_payload(block, context)
    pair = pair_of(text)
    if events and pair and pair[0] not in _EVENT_KEYS and take_option(events, block):
        return True
    names = _event_names(text)
    name = names[0] if names else None
    begins_with_event = name is not None and text.startswith(f'`{name}`')
    if block.form is Form.PARAGRAPH and (
        name is None or not (block.children or begins_with_event or _LOGGED.match(text))
    ):
        return False
    if name is None and (text.endswith(':') and block.children):
        return False
    if name is None and block.form in (Form.HEADING, Form.BOLD) and not _BARE_EVENT.fullmatch(text):
        return False
    options = _event_options(text, name)
    title = name or _AS_BEFORE.sub('', _LOGGED.sub('', title_of(text)[0], count=1)).strip() or text
    change = 'existing' if _EXISTING.search(text) else context.change or 'new'
    drafts = [
        draft
        for each in names or [title[:200]]
        for draft in context.reading.add('audit-event', each, block, options=options, change=change)
    ]
    add_text(drafts, [text], block.line)
    for child in block.children:
        if take_option(drafts, child):
            continue
        if child.form is Form.CODE and 'fields' not in drafts[0].fields and (keys := _keys(child.text)):
            set_option(drafts, drafts[0].kind.options['fields'], ', '.join(keys), child.line)
        add_text(drafts, texts((child,)), child.line)
    return True


def _payload(text: str) -> str:
    """Return what stands in braces, from the first one to the last that belongs to it; ``/{id}`` is none."""
    opening = _OPENING.search(text)
    start = opening.start() if opening else -1
    end = text.rfind('}', start + 2, start + _LONGEST) if start >= 0 else -1
    return text[start : end + 1] if end >= 0 else ''


def _event_name(text: str) -> str | None:
    for pair in _JSON_KEY.finditer(_payload(text)):
        if pair['key'] in _EVENT_KEYS and pair['value']:
            return pair['value']
    head = text[:LIMIT]
    match = _BARE_EVENT.match(head) or _EVENT.search(head)
    if match is None:
        match = _BARE_EVENT.search(_LOGGED.sub('', head, count=1))
    return match['name'] if match else None


def _event_names(text: str) -> list[str]:
    """Return the events that a statement is about: one, or several with nothing but commas between."""
    first = _event_name(text)
    if first is None or f'`{first}`' not in text:
        return [first] if first else []
    names, end = [first], text.index(f'`{first}`') + len(first) + 2
    for match in _EVENT.finditer(text[: 2 * LIMIT], end):
        if text[end : match.start()].strip() not in (',', 'and', '/', ', and', '+', '&'):
            break
        names.append(match['name'])
        end = match.end()
    return list(dict.fromkeys(names))


def _event_options(text: str, name: str | None) -> dict[str, str]:
    options: dict[str, str] = {}
    payload = _payload(text)
    words = text.replace(payload, '') if payload else text
    when, listed = _WHEN.search(words[:LIMIT]), _WITH.search(words[:LIMIT])
    if when is not None:
        options['trigger'] = when['trigger'].strip(' ,')
    if payload and (keys := _keys(payload)):
        options['fields'] = ', '.join(keys)
    elif listed is not None:
        names = re.split(r'\s*,\s*(?:and\s+)?|\s+and\s+|\s*\+\s*', listed['names'].strip())
        names = [each.replace('`', '').strip() for each in names]
        if all(0 < len(each.split()) <= 4 for each in names):
            options['fields'] = ', '.join(names)
            if when is not None and when.start('trigger') < listed.start() < when.end():
                options['trigger'] = words[when.start('trigger') : listed.start()].strip(' ,')
    return options


def _keys(payload: str) -> list[str]:
    """Return the outermost keys of something like JSON, but for the one that names the event."""
    depth, keys, at = 0, list[str](), 0
    for position, character in enumerate(payload[:4000]):
        if character in '{[':
            depth += 1
        elif character in '}]':
            depth -= 1
        elif depth == 1 and position >= at and (match := _JSON_KEY.match(payload, position)):
            at = match.start('key') + len(match['key']) + 1
            if match['key'] not in ('action', 'event', 'event_type', 'event_name', 'type') and character in '"\'':
                keys.append(match['key'])
    return list(dict.fromkeys(keys))


def _read_payload(block: Block, context: Context) -> bool:
    """Read a block of code that shows an event."""
    name = _event_name(block.text)
    if name is None or not _payload(block.text):
        return False
    events = context.last('audit-event')
    keys = ', '.join(_keys(_payload(block.text)))
    if events and events[0].argument.key == name:
        return set_option(events, events[0].kind.options['fields'], keys, block.line)
    options = {'fields': keys} if keys else {}
    context.reading.add('audit-event', name, block, options=options, change=context.change or 'new')
    return True


def _option(row: TableRow, name: str) -> str:
    return next((value for option, value in row.options if option.name == name), '')


def _read_event_table(table: Block, context: Context) -> bool:
    reading = context.reading
    before = len(reading.found)
    for row in rows_of(table, reading.kinds['audit-event'], context):
        name = (row.get('event', 'name', 'step') or (row.block.cells[0] if row.block.cells else '')).replace('`', '')
        if not name.strip():
            continue
        change = first_change(row.get('change') or _option(row, 'change'))
        drafts = reading.add('audit-event', name, row.block, change=change or context.change or 'new')
        for option, value in row.options:
            if option.name != 'change':
                set_option(drafts, option, value, row.block.line)
        add_text(drafts, row.texts, row.block.line)
    return len(reading.found) > before


#: ``Audit: `order.created` with the order's id``, ``Log `order.created` ...``
_LOGS_EVENT = re.compile(r'(?:audit(?: (?:log|event))?s?\s*[:–—-]\s*)?(?:(?:log|record|emit)s?\s+)?`', re.IGNORECASE)
_ONLY = re.compile(r'(?:only\s|requires?\s)', re.IGNORECASE)


def read_considerations(blocks: Sequence[Block], context: Context) -> None:
    """Read what else a security reviewer should know."""
    read_blocks(blocks, context, _read_consideration, _HINT_SECURITY)


def _read_consideration(block: Block, context: Context) -> bool:
    if block.form is Form.TABLE:
        return _read_consideration_table(block, context)
    text = ' '.join(unmarked(block.text).split())
    if not text or block.form is Form.CODE or (text.endswith(':') and len(text.split()) > 4):
        return False
    # Notes with one heading for all of security say there who may do what and what is logged.
    if _LOGS_EVENT.match(text) and _event_name(text):
        return _read_event(block, context)
    if read_roles(text) and (ENDPOINT_MENTION.match(text) or _ONLY.match(text)):
        return _read_access(block, context)
    if block.form is Form.PARAGRAPH and (text.endswith(':') or not (context.reads_prose or block.lead)):
        return False
    pair = pair_of(text)
    if pair is not None and len(pair[0].split()) <= 5:
        title, rest = text[: text.index(':')] if ':' in text[: len(pair[0]) + 20] else pair[0], pair[1]
    else:
        title, rest = title_of(text)
    options = {'topic': topic} if (topic := topic_of(title, f'{rest} {" ".join(texts(block.children))}')) else {}
    drafts = context.reading.add('security-consideration', title.strip(' :'), block, options=options)
    add_text(drafts, [rest], block.line)
    for child in block.children:
        if not take_option(drafts, child):
            add_text(drafts, texts((child,)), child.line)
    return True


def _read_consideration_table(table: Block, context: Context) -> bool:
    rows: list[TableRow] = list(rows_of(table, context.reading.kinds['security-consideration'], context))
    for row in rows:
        if row.block.cells and row.block.cells[0].strip():
            title = unmarked(row.block.cells[0]).replace('`', '')
            rest = ' | '.join(cell for cell in row.block.cells[1:] if cell)
            topic = topic_of(title, rest)
            options = {'topic': topic} if topic else {}
            drafts = context.reading.add('security-consideration', title, row.block, options=options)
            add_text(drafts, [rest], row.block.line)
    return bool(rows)


def topic_of(title: str, rest: str) -> str | None:
    """Return the topic that a consideration is about: what its title says, else its text."""
    for text in (title, rest[: 2 * LIMIT]):
        for topic, words in _TOPICS.items():
            if words.search(text):
                return topic
    return None


def speaks_of(topic: str, text: str) -> bool:
    """Whether *text* has a word that tells *topic*, whatever else it is about."""
    return _TOPICS[topic].search(text) is not None


#: ``Requires scope `jobs:write`.`` behind what an endpoint is for
SAYS_WHO = re.compile(
    r'(?:requires?|needs|restricted to|only for|open to|available to)\s[^.]{0,80}?'
    r'\b(?:roles?|scopes?|permissions?|auth\w*|logged[- ]in|tokens?|admins?|everyone|anyone)\b'
    r'|public(?:\W|$)|no auth\w*',
    re.IGNORECASE,
)


def take_access(drafts: Sequence[Draft], text: str, line: int) -> str:
    """Read options and, in a sentence of its own, who may call; return the rest, which is what they are for."""
    rest = take_remarks(drafts, text, line)
    said = [sentence for sentence in sentences(rest) if SAYS_WHO.match(sentence)]
    if not said or not set_option(drafts, drafts[0].kind.options['auth'], said[0].rstrip('.'), line):
        return rest
    return ' '.join(sentence for sentence in sentences(rest) if sentence != said[0])
