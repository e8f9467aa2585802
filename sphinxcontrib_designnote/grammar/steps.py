"""What the words of a rollout step and of a test say: action, component, state of the flag."""

from __future__ import annotations

import re

from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.schema import Kind

#: A step is read so far; what stands behind is explanation.
_LIMIT = 600
# The first verb of the step decides.
_VERBS = (
    ('helm', r'helm (?:upgrade|install)'),
    ('create', r'creates? (?:the )?(?:\w{1,40} ){0,2}tables?'),
    ('enable', r'enable|activate|ramp(?: up)?|open up'),
    ('disable', r'disable|deactivate'),
    ('migrate', r'migrate|apply|upgrade'),
    ('backfill', r'backfill|populate|copy|fills? in'),
    ('deploy', r'(?:re)?deploy|ship|release|roll out|rollout|publish|install'),
    ('restart', r'restart|reload|bounce|recycle'),
    ('verify', r'verify|check|monitor|watch|validate|confirm|reconcile|compare|observe|smoke[- ]test|test'),
    ('remove', r'remove|rm|delete|drop|retire|clean up|decommission'),
    ('announce', r'announce|notify|communicate|inform|tell|e-?mail'),
    ('run', r'run|execute|perform'),
)
#: What is run is a migration: by name, by tool, or by the form of a revision.
_MIGRATION = re.compile(
    r'migrat|alembic|changelog|flyway|liquibase|\bgoose\b|\brevisions?\b|\.sql\b|\bV\d{1,6}\b|`\d{3,}_|\bschema\b|\bddl\b'
    r'|\bdb[- ]sync\b|_(?:expand|contract)\b|\bversion\d{3,}',
    re.IGNORECASE,
)
_ON, _OFF = r'on|true|enabled', r'off|false|disabled'
_VERB = re.compile(
    r'\b(?:'
    # "Turn the flag on", "set `x` to true"
    rf'(?:turn|switch|flip)\s+(?:(?:the|it|them|feature|flag|`[^`]{{1,100}}`)\s+){{0,4}}(?:(?P<turn_on>on)|(?P<turn_off>off))'
    rf'|set\s+(?:(?:the|feature|flag|`[^`]{{1,100}}`)\s+){{1,4}}to\s+(?:(?P<set_on>{_ON})|(?P<set_off>{_OFF}))'
    rf'|set\s+`[\w.-]{{1,100}}\s?[=:]\s?(?:(?P<put_on>{_ON}|1)|(?P<put_off>{_OFF}|0))'
    + ''.join(f'|(?P<{name}>{words})' for name, words in _VERBS)
    + r')\b',
    re.IGNORECASE,
)
#: `` `x` on for all ``, and ``switch_x on: staff first``
_SET = re.compile(
    r'(?:`[^`]{1,100}`|[a-z]{1,40}(?:[_.][a-z0-9]{1,40}){1,8})\s+(?:(?P<on>on)|(?P<off>off))'
    r'(?=\s*(?:$|[.,:;(])|\s+(?:for|at|in|to|everywhere)\b)'
)
#: ``Migration (`20250402`)``
_MIGRATION_FIRST = re.compile(r'(?:migrations?|mig)\b\s*(?:$|[(:`\d])', re.IGNORECASE)
#: What is named with the state of its flag behind it goes out: ``API + worker (flag off)``.
_SHIPPED = re.compile(r'[^()]{1,200}\((?:both |all )?flags?\s+(?:still\s+)?(?:on|off|disabled)\)', re.IGNORECASE)
_CLAUSE = re.compile(r'(?:after|before|once|when|if|while|as soon as)\b[^,.]{1,200},\s*', re.IGNORECASE)
_FLAG = r'\bflag(?:\s+(?:is|was|are|being|be|turned|switched|kept|still|set|to))*\s*[:=]?\s*'
_STATE_OF_FLAG = re.compile(rf'{_FLAG}(?:(?P<on>on|enabled)|(?P<off>off|disabled))\b(?!\s+[A-Za-z])', re.IGNORECASE)
_AUDIENCE = re.compile(
    r'\b(?:for|to)\s+(?P<audience>[^,;.()]{1,80})|\((?P<share>[^()]{0,20}%[^()]{0,60})\)', re.IGNORECASE
)
_AUDIENCE_END = re.compile(r'\s+(?:after|when|once|if|as soon as|until|by|on)\b', re.IGNORECASE)
_EVERYBODY = re.compile(
    r'(?:all|every)\s*(?:user|tenant|customer|account|client|region)?s?|everyone|everybody|everywhere|100\s?%.{0,40}',
    re.IGNORECASE,
)
_NO_COMPONENT = r'(?!(?:with|to|in|on|for|and|that|which|behind|after|before|v?\d)(?![A-Za-z-]))'
_COMPONENT = re.compile(
    rf'(?:the\s+)?(?P<component>{_NO_COMPONENT}[A-Za-z0-9_`/-]+(?:\s+{_NO_COMPONENT}[A-Za-z0-9_`/-]+){{0,2}})'
)
_AGAINST = r'\s*(?:vs\.?|versus|and|or|/)\s*'
_BOTH_STATES = re.compile(
    rf'\b(?:enabled|on){_AGAINST}(?:disabled|off)\b|\b(?:disabled|off){_AGAINST}(?:enabled|on)\b'
    r'|\bwith(?: and |/| or )without (?:the )?(?:feature )?flag\b',
    re.IGNORECASE,
)
#: ``flag off``, ``with `jobs_enabled` off``
_TESTED = rf'(?:{_FLAG}|\b(?:with|when|while|if)\s+(?:the\s+)?`[\w.-]{{1,100}}`\s+(?:is\s+|turned\s+|set to\s+)?)'
_TESTED_STATE = re.compile(
    rf'{_TESTED}(?:(?P<off>off\b|disabled\b|not\s+(?:on|enabled)\b)'
    r'|(?P<on>enabled\b|on\b(?=\s*(?:$|[.,;:)]|for\b|and\b))))'
    r'|\b(?:(?P<enabled>enabled)|(?P<disabled>disabled))\s+(?:feature\s+)?flag\b',
    re.IGNORECASE,
)
_NODE_ID = re.compile(r'`(?P<node>[\w./-]{1,200}::[\w.:\[\]-]{1,200})`')


def derive(draft: Draft) -> None:
    """Fill in what the words of *draft* say and its options do not."""
    if draft.kind.name == 'rollout-step':
        found = read_step(draft.argument.title)
    elif draft.kind.name == 'test-case':
        found = read_test(draft.argument.title)
        if draft.parent is not None and _is_level(draft.parent.argument.key, draft.kind):
            found['level'] = draft.parent.argument.key
    else:
        return
    for name, value in found.items():
        if name not in draft.lines or name.replace('_', '-') in draft.unread:
            draft.fields.setdefault(name, value)


def _is_level(word: str, kind: Kind) -> bool:
    return word in kind.options['level'].values


def read_step(title: str) -> dict[str, str]:
    """Read a step: ``Enable feature flag for internal testing`` enables, and its audience is the flag's state."""
    text = ' '.join(title[:_LIMIT].split())
    if clause := _CLAUSE.match(text):
        text = text[clause.end() :]
    if state := _SET.match(text):
        return (
            {'action': 'enable', 'flag_state': _audience(text[state.end() :])}
            if state['on']
            else {'action': 'disable', 'flag_state': 'off'}
        )
    if _MIGRATION_FIRST.match(text):
        return {'action': 'migrate'}
    verb = _VERB.search(text)
    action = _action(verb, text) if verb else None
    if verb is None or action is None:
        found_off = _STATE_OF_FLAG.search(text) if verb is None and _SHIPPED.match(text) else None
        return {'action': 'deploy', 'flag_state': 'on' if found_off['on'] else 'off'} if found_off else {}
    found = {'action': action}
    rest = text[verb.end() :]
    if action == 'enable':
        found['flag_state'] = _audience(rest)
    elif action == 'disable':
        found['flag_state'] = 'off'
    elif state := _STATE_OF_FLAG.search(rest):
        found['flag_state'] = 'on' if state['on'] else 'off'
    if action in ('deploy', 'restart') and (component := _COMPONENT.match(rest.lstrip())):
        found['component'] = component['component'].replace('`', '')
    return found


def begins_with_action(title: str) -> bool:
    """Whether a text begins with the verb of a step: ``Deploy the API`` does, ``Before the release`` does not."""
    match = _VERB.match(title[:_LIMIT].lstrip('*` '))
    return match is not None and _action(match, title[:_LIMIT]) is not None


def _action(verb: re.Match[str], text: str) -> str | None:
    name = verb.lastgroup or ''
    if name in ('turn_on', 'set_on', 'put_on'):
        return 'enable'
    if name in ('turn_off', 'set_off', 'put_off'):
        return 'disable'
    if name in ('helm', 'create'):
        return 'deploy' if name == 'helm' else 'migrate'
    if name not in ('run', 'migrate'):
        return name
    folded = text.casefold()
    if 'backfill' in folded:
        return 'backfill'
    if name == 'migrate' or _MIGRATION.search(text):
        return 'migrate'
    return 'verify' if 'test' in folded or 'check' in folded else None


def _audience(rest: str) -> str:
    match = _AUDIENCE.search(rest)
    if match is None:
        return 'on'
    audience = (match['share'] or _AUDIENCE_END.split(match['audience'], maxsplit=1)[0]).strip()
    return 'on' if not audience or _EVERYBODY.fullmatch(audience) else audience


def read_test(title: str) -> dict[str, str]:
    """Read a test: which state of the flag it tests, and the node id of the automated test where it names one."""
    found: dict[str, str] = {}
    text = ' '.join(title[:_LIMIT].split())
    if _BOTH_STATES.search(text):
        found['flag_state'] = 'both'
    elif states := {'on' if m['on'] or m['enabled'] else 'off' for m in _TESTED_STATE.finditer(text)}:
        found['flag_state'] = 'both' if len(states) > 1 else states.pop()
    if node := _NODE_ID.search(text):
        found['automated'] = node['node']
    return found
