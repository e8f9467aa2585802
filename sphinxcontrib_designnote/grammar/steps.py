"""What the words of a rollout step and of a test say: action, component, state of the flag."""

from __future__ import annotations

import re

from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.schema import Kind

# The first verb of the step decides; the order within an alternative is longest first.
_VERBS = (
    ('enable', r'enable|turn on|switch on|activate|ramp(?: up)?|open up'),
    ('disable', r'disable|turn off|switch off|deactivate'),
    ('migrate', r'migrate|apply|upgrade'),
    ('backfill', r'backfill|populate|copy'),
    ('deploy', r'deploy|ship|release|roll out|rollout|publish|install'),
    ('restart', r'restart|reload|bounce|recycle'),
    ('verify', r'verify|check|monitor|watch|validate|confirm|observe|smoke[- ]test|test'),
    ('remove', r'remove|delete|drop|retire|clean up|decommission'),
    ('announce', r'announce|notify|communicate|inform|tell|e-?mail'),
    ('run', r'run|execute|perform|start'),
)
_VERB = re.compile('|'.join(f'(?P<{name}>\\b(?:{words})\\b)' for name, words in _VERBS), re.IGNORECASE)
_FLAG_IN_PARENTHESES = re.compile(
    r'\([^()]{0,80}\bflag\b[^()]{0,40}\b(?P<state>on|off|enabled|disabled)\b[^()]{0,40}\)', re.IGNORECASE
)
_AUDIENCE = re.compile(r'\b(?:for|to)\s+(?P<audience>[^,;.()]{1,80})', re.IGNORECASE)
_AUDIENCE_END = re.compile(r'\s+(?:after|when|once|if|as soon as|until|by|on)\b', re.IGNORECASE)
_EVERYBODY = re.compile(
    r'(?:all|every)\s*(?:user|tenant|customer|account|client|region)?s?|everyone|everybody|everywhere|100\s?%.{0,40}',
    re.IGNORECASE,
)
_COMPONENT = re.compile(
    r'(?:the\s+)?(?P<component>[A-Za-z0-9_`/-]+'
    r'(?:\s+(?!(?:with|to|in|on|for|and|that|which|behind|after)\b)[A-Za-z0-9_`/-]+){0,2})'
)
_AGAINST = r'\s*(?:vs\.?|versus|and|or|/)\s*'
_BOTH_STATES = re.compile(
    rf'\b(?:enabled|on){_AGAINST}(?:disabled|off)\b|\b(?:disabled|off){_AGAINST}(?:enabled|on)\b', re.IGNORECASE
)
_ONE_STATE = re.compile(
    r'\bflag\b[^.]{0,40}?\b(?P<after>on|off|enabled|disabled)\b|\b(?P<before>enabled|disabled)\s+flag\b', re.IGNORECASE
)
_NODE_ID = re.compile(r'`(?P<node>[\w./-]{1,200}::[\w.:\[\]-]{1,200})`')
_DEFAULT_FLAG_TEST = re.compile(r'\bflag\b', re.IGNORECASE)


def derive(draft: Draft) -> None:
    """Fill in what the words of *draft* say and its options do not."""
    if draft.kind.name == 'rollout-step':
        for name, value in read_step(draft.argument.title).items():
            draft.fields.setdefault(name, value)
    elif draft.kind.name == 'test-case':
        for name, value in read_test(draft.argument.title).items():
            draft.fields.setdefault(name, value)
        if draft.parent is not None and _is_level(draft.parent.argument.key, draft.kind):
            draft.fields.setdefault('level', draft.parent.argument.key)


def _is_level(word: str, kind: Kind) -> bool:
    return word in kind.options['level'].values


def read_step(title: str) -> dict[str, str]:
    """Read a step: ``Enable feature flag for internal testing`` enables, and its audience is the flag's state."""
    found: dict[str, str] = {}
    verb = _VERB.search(title[:400])
    if verb is None:
        return found
    action = verb.lastgroup or 'run'
    if action in ('run', 'migrate'):
        folded = title.casefold()
        migrates = action == 'migrate' or 'migration' in folded
        action = 'backfill' if 'backfill' in folded else 'migrate' if migrates else 'verify'
    found['action'] = action
    if action == 'enable':
        found['flag_state'] = _audience(title[verb.end() : verb.end() + 300])
    elif action == 'disable':
        found['flag_state'] = 'off'
    elif state := _FLAG_IN_PARENTHESES.search(title[:1000]):
        found['flag_state'] = 'on' if state['state'].casefold() in ('on', 'enabled') else 'off'
    if action in ('deploy', 'restart') and (component := _COMPONENT.match(title[verb.end() :].lstrip())):
        found['component'] = component['component'].replace('`', '')
    return found


def _audience(rest: str) -> str:
    match = _AUDIENCE.search(rest)
    if match is None:
        return 'on'
    audience = _AUDIENCE_END.split(match['audience'], maxsplit=1)[0].strip()
    return 'on' if not audience or _EVERYBODY.fullmatch(audience) else audience


def read_test(title: str) -> dict[str, str]:
    """Read a test: which state of the flag it tests, and the node id of the automated test where it names one."""
    found: dict[str, str] = {}
    text = title[:2000]
    if _DEFAULT_FLAG_TEST.search(text):
        if _BOTH_STATES.search(text):
            found['flag_state'] = 'both'
        elif state := _ONE_STATE.search(text):
            word = (state['after'] or state['before']).casefold()
            found['flag_state'] = 'on' if word in ('on', 'enabled') else 'off'
    if node := _NODE_ID.search(text):
        found['automated'] = node['node']
    return found
