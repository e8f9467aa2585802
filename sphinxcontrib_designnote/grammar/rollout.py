"""Rollout steps and tests of a plain note."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sphinxcontrib_designnote.grammar.blocks import Block, Form, texts, unmarked
from sphinxcontrib_designnote.grammar.reading import Context, add_text, pair_of, set_option, take_option, title_of
from sphinxcontrib_designnote.grammar.steps import begins_with_action, derive, read_step
from sphinxcontrib_designnote.grammar.tables import rows_of
from sphinxcontrib_designnote.grammar.walk import read_blocks
from sphinxcontrib_designnote.model.drafts import Draft

_HINT_STEP = "write '1. Deploy the backend', or move it to another section"
_HINT_TEST = "write '- Test POST /jobs' below '**Unit tests:**', or move it to another section"
_PHASE = re.compile(
    r'(?:phase|stage|week|day|wave|milestone|sprint|iteration|alpha|beta|ga\b|canary|step group|t[+-]\d)\b[^:–—]{0,60}',
    re.IGNORECASE,
)
_NUMBERED = re.compile(r'(?:step|step no.?)\s+\d{1,3}\s*[:.–—-]*\s*', re.IGNORECASE)
_DATED = re.compile(r'\d{4}-\d{2}-\d{2}\s*(?:[:–—]|-(?=\s))?\s*')
#: A statement of more characters than this is not a title as a whole.
_LONG = 200
_DONE = re.compile(r'\s*\[(?P<mark>[ xX])\]\s+')
_LEVEL = (
    r'\b(?:(?P<unit>units?|junit|pytest)'
    r'|(?P<integration>integrations?|testcontainers|api(?: tests?)?|component)'
    r'|(?P<contract>contracts?|pact|schema tests?)'
    r'|(?P<e2e>e2e|end[- ]to[- ]end|ui tests?|browser|acceptance|system tests?|functional|playwright|cypress|tempest)'
    r'|(?P<manual>manual(?:ly)?|exploratory|qa|smoke|by hand)'
    r'|(?P<load>load|k6|performance|stress|soak|benchmarks?|scalability)'
    r'|(?P<security>security|penetration|pen(?:[ -]?tests?|$)|fuzz(?:ing)?)'
    r'|(?P<migration>migrations?|upgrade tests?|grenade))\b'
)
_ANY_LEVEL = re.compile(_LEVEL, re.IGNORECASE)
_LABEL = re.compile(
    r'^[\w/-]+(?:\s+[\w/-]+){0,3}\s*(?:\([^()]{0,60}\))?\s*:?$',
)
#: ``unit tests for the order of limits``
_TOLD_LEVEL = re.compile(
    r'(?:[\w-]+\s+){1,3}(?:tests?|checks?|runs?)\s+(?:for|of|that|with|on|against|in)\b', re.IGNORECASE
)
#: ``two runs at once (integration)``
_LEVEL_BEHIND = re.compile(rf'\({_LEVEL}[^()]{{0,60}}\)$', re.IGNORECASE)
#: ``these are unit level:``, and ``with the API up (Testcontainers):``
_LEVEL_OF_ALL = re.compile(
    r'(?:\b(?P<level>unit|integration|contract|e2e|load|manual)[ -](?:level|tests?)\b[^:.]{0,80}'
    r'|\((?P<tool>[^()]{1,40})\)):$',
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r'^[\[(]?(?P<label>[\w/ -]{2,30}?)(?=[\s\]):])(?:\s+tests?)?(?:[\])]\s*:?|\s*:|\s+[–—-](?=\s))\s*', re.IGNORECASE
)


def read_steps(blocks: Sequence[Block], context: Context) -> None:
    """Read the steps of a rollout."""
    if any(True for block in blocks):
        read_blocks(blocks, context, _read_step, _HINT_STEP)


def _read_step(block: Block, context: Context) -> bool:
    if block.form is Form.TABLE:
        return _read_step_table(block, context)
    text = ' '.join(unmarked(block.text).split())
    if text.rstrip('*').endswith('?'):  # a questionnaire asks, and its answers stand below
        if not block.children:
            context.keep_prose(block)
        return not block.children
    steps = context.last('rollout-step')
    pair = pair_of(text)
    phase = _PHASE.match(text)
    if block.form is Form.PARAGRAPH and block.lead and (numbered := _NUMBERED.match(text)) and text[numbered.end() :]:
        _add_step(replace(block, text=text[numbered.end() :]), context, _phase_of(context))
        return True
    if block.form in (Form.PARAGRAPH, Form.HEADING, Form.BOLD, Form.CODE, Form.FIELD):
        if block.form is Form.FIELD and (dated := _DATED.match(text)) and text[dated.end() :]:
            _add_step(replace(block, text=text[dated.end() :]), context, dated[0].strip(' :–—-'))
            return True
        if phase and not block.children and pair and pair[1]:
            _add_step(replace(block, text=pair[1]), context, phase[0].strip())
            return True
        if steps and pair and pair[1] and take_option(steps, block):
            return True
        if block.form is Form.CODE and steps:
            add_text(steps, [block.text], block.line)
            return True
        return False
    listed = [child for child in block.children if child.form in (Form.BULLET, Form.STEP)]
    if phase and listed and not (pair and pair[1] and read_step(pair[1])):
        return False  # a phase, and what is done in it
    if block.form is Form.BULLET and pair and pair[1] and not read_step(pair[0]) and steps:
        option = context.reading.kinds['rollout-step'].option_called(pair[0])
        if option is not None and take_option(steps, block):
            return True
    said = pair[1] if phase and pair else text
    if (
        listed
        and (text.endswith(':') or not begins_with_action(said))
        and any(c.form is Form.STEP or (read_step(c.text) and not _is_detail(c, context)) for c in listed)
    ):
        return False  # a label above steps
    title, within = block.text, _phase_of(context)
    if phase and pair and pair[1]:
        title, within = pair[1], phase[0].strip()
    _add_step(replace(block, text=title), context, within)
    return True


def _is_detail(block: Block, context: Context) -> bool:
    """Whether *block* is an option of a step: ``Monitor for: 2 days`` begins with a verb, and is no step."""
    pair = pair_of(block.text)
    return pair is not None and context.reading.kinds['rollout-step'].option_called(pair[0]) is not None


def _phase_of(context: Context) -> str | None:
    return next((label.strip(' :') for label in reversed(context.labels) if _PHASE.match(unmarked(label))), None)


def _add_step(block: Block, context: Context, phase: str | None) -> None:
    text, done = block.text, False
    if checkbox := _DONE.match(text):
        text, done = text[checkbox.end() :], checkbox['mark'] != ' '
    reading = context.reading
    (parent,) = reading.last('rollout') or reading.add('rollout', '', block)
    options = {'done': 'yes'} if done else {}
    drafts = reading.add(
        'rollout-step', unmarked(text) if '[' in text[:4] else text, block, options=options, parent=parent
    )
    for child in block.children:
        if not take_option(drafts, child):
            add_text(drafts, texts((child,)), child.line)
    if phase:
        set_option(drafts, drafts[0].kind.options['phase'], phase, block.line)
    for draft in drafts:
        derive(draft)


def _read_step_table(table: Block, context: Context) -> bool:
    kind = context.reading.kinds['rollout-step']
    read = False
    for row in rows_of(table, kind, context):
        title = row.get('step', 'name', 'event', 'path', 'change')
        cells = [cell for cell in row.block.cells if cell and not re.fullmatch(r'\W*\d{1,3}\W*', cell)]
        title = title or max(cells, key=len, default=None)
        if not title:
            continue
        options = [(option, value) for option, value in row.options if value != title]
        if re.fullmatch(r'\W*\d{1,3}\W*', title):
            action = next((value for option, value in options if option.name == 'action'), None)
            title = action or next(iter(cells), title)
            options = [pair for pair in options if pair[1] != title]
        number = len(context.reading.found)
        _add_step(replace(row.block, text=title, children=()), context, _phase_of(context))
        steps = [d for d, _ in context.reading.found[number:] if d.kind.name == 'rollout-step']
        for option, value in options:
            if option.name != 'action':
                set_option(steps, option, value, row.block.line)
        add_text(steps, row.texts, row.block.line)
        read = True
    return read


def read_tests(blocks: Sequence[Block], context: Context) -> None:
    """Read the tests of a section, by level."""
    read_blocks(blocks, context, _read_test, _HINT_TEST)


def level_of(text: str) -> str | None:
    """Return the level of test that a label names: the one that it names first."""
    match = _ANY_LEVEL.search(text[:80])
    return match.lastgroup if match else None


def _read_test(block: Block, context: Context) -> bool:
    if block.form is Form.TABLE:
        return _read_test_table(block, context)
    text = ' '.join(unmarked(block.text).split())
    if not text or block.form is Form.CODE:
        return False
    if block.children and level_of(text) and _LABEL.match(text):
        _add_plan(block, level_of(text) or '', context)
        return True
    if block.form in (Form.HEADING, Form.BOLD):
        return False
    if block.form is Form.PARAGRAPH:
        prefix = _PREFIX.match(text)
        if prefix and level_of(prefix['label']) and text[prefix.end() :] and not block.children:
            _add_case(replace(block, text=text[prefix.end() :]), context, level_of(prefix['label']), None)
            return True
        if _tells_steps(block, text, context):
            level = None if context.owner else 'manual'
            _add_case(replace(block, text=text.rstrip(' :')), context, level, context.owner)
            return True
        return False
    if context.owner is not None and _takes_option(block, context.owner):
        return True
    prefix = _PREFIX.match(text)
    level = level_of(prefix['label']) if prefix and len(prefix['label'].split()) <= 3 else None
    if prefix and level and text[prefix.end() :]:
        _add_case(replace(block, text=text[prefix.end() :]), context, level, None)
        return True
    if text.endswith(':') and block.children:
        return False
    if block.lead and (level := level_of(block.lead)) and _LABEL.match(block.lead) and text.startswith(block.lead):
        _add_case(replace(block, text=text[len(block.lead) :].lstrip(' :–—-')), context, level, None)
        return True
    told = None if context.owner else _TOLD_LEVEL.match(text) or _LEVEL_BEHIND.search(text[-80:])
    level = level_of(told[0]) if told else None if context.owner else _level_above(context)
    _add_case(block, context, level, context.owner)
    return True


def _level_above(context: Context) -> str | None:
    """Return the level that a lead-in says of the tests below it: ``all of these are unit level:``."""
    match = _LEVEL_OF_ALL.search(context.labels[-1][-200:])
    return level_of(match['level'] or match['tool']) if match else None


def _tells_steps(block: Block, text: str, context: Context) -> bool:
    """Whether a sentence says what is tested by hand, and the numbered list below it how: that is one test."""
    level = context.owner.argument.key if context.owner else level_of(text)
    is_numbered = len(block.children) > 1 and all(child.form is Form.STEP for child in block.children)
    return level == 'manual' and is_numbered and text.endswith(':')


def _takes_option(block: Block, plan: Draft) -> bool:
    """Read an option of a plan among its tests: ``Release: 25.11``; of ``Service: stops at once`` a test is made."""
    pair = pair_of(block.text)
    option = plan.kind.option_called(pair[0]) if pair else None
    if pair is None or option is None or (option.name in ('service', 'class') and ' ' in pair[1]):
        return False
    return take_option([plan], block)


def _add_plan(block: Block, level: str, context: Context) -> None:
    """Add the tests below a label that names their level."""
    (plan,) = context.reading.last('test-plan', level) or context.reading.add('test-plan', level, block)
    read_blocks(block.children, replace(context.below(block.text), owner=plan), _read_test, _HINT_TEST)


def _add_case(block: Block, context: Context, level: str | None, plan: Draft | None) -> None:
    text = block.text
    if (checkbox := _DONE.match(text)) is not None:
        text = text[checkbox.end() :]
    options = {'level': level} if level else {}
    title, rest = (text.strip(), '') if len(text) <= _LONG else title_of(text)
    drafts = context.reading.add('test-case', title, block, options=options, parent=plan)
    add_text(drafts, [rest], block.line)
    for child in block.children:
        if not take_option(drafts, child):
            add_text(drafts, texts((child,)), child.line)
    for draft in drafts:
        derive(draft)


def _read_test_table(table: Block, context: Context) -> bool:
    kind = context.reading.kinds['test-case']
    read = False
    for row in rows_of(table, kind, context):
        levels = [(o, v) for o, v in row.options if o.name == 'level']
        level = level_of(levels[0][1]) if levels else next(
            (found for cell in row.block.cells if len(cell.split()) <= 2 and (found := level_of(cell))), None
        )  # fmt: skip
        # What is tested stands below "Test", which elsewhere is the name of a function.
        words = next((v for o, v in row.options if o.name == 'automated' and ' ' in v.strip(' `')), None)
        said = [value for _, value in row.options]
        rest = [c for c in row.block.cells if c and not (len(c.split()) <= 2 and level_of(c))]
        rest = [c for c in rest if c not in said] or rest
        title = row.get('name', 'step') or words or row.get('path') or max(rest, key=len, default=None)
        if not title:
            continue
        number = len(context.reading.found)
        _add_case(replace(row.block, text=title, children=()), context, level, context.owner)
        drafts = [draft for draft, _ in context.reading.found[number:]]
        for option, value in row.options:
            if option.name != 'level' and value != title:
                set_option(drafts, option, value, row.block.line)
        add_text(drafts, [text for text in row.texts if title not in text], row.block.line)
        read = True
    return read
