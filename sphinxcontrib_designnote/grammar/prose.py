"""The slots that people fill with prose: approach, breaking changes, compatibility, the migration story."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sphinxcontrib_designnote.grammar.blocks import LIMIT, Block, Form, texts, unmarked, without_directives
from sphinxcontrib_designnote.grammar.entities import read_entities
from sphinxcontrib_designnote.grammar.reading import (
    Context,
    add_text,
    pair_of,
    sentences,
    set_option,
    take_option,
    title_of,
)
from sphinxcontrib_designnote.grammar.rollout import read_steps
from sphinxcontrib_designnote.grammar.sql import IS_SQL
from sphinxcontrib_designnote.grammar.tables import rows_of
from sphinxcontrib_designnote.grammar.walk import read_blocks
from sphinxcontrib_designnote.model.drafts import Draft

_HINT = 'say in a sentence what changes and for whom, or move it to another section'
_ALTERNATIVES = re.compile(r'\balternatives?\b|\bconsidered\b|\boptions\b|\brejected\b', re.IGNORECASE)
_REJECTED = re.compile(r'\b(?:reject\w*|discard\w*|dismiss\w*|not chosen|ruled out|decided against)\b', re.IGNORECASE)
_CHOSEN = re.compile(r'\b(?:chosen|selected|accepted|preferred)\b(?<!not chosen)', re.IGNORECASE)
_DATE = re.compile(
    r'\b(?:until|till|through|sunset(?:s|ted)?(?: on)?|by|after|on)\s+(?P<date>\d{4}-\d{2}-\d{2})\b', re.IGNORECASE
)
_MECHANISMS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf'\b(?:{words})\b', re.IGNORECASE)
    for name, words in {
        'additive': 'additive|purely additional|only adds?|optional fields?',
        'graceful-degradation': r'graceful(?:ly)? degrad\w+|degrades? gracefully|falls? back|fallback',
        'version-negotiation': r'version negotiation|negotiat\w+|content[- ]type version|accept header|api version',
        'deprecation': r'deprecat\w+|sunset\w*',
        'dual-write': r'dual[- ]writ\w+|double[- ]writ\w+|writes? (?:to )?both|both columns',
        'shim': r'shims?|adapters?|compatibility layer|translation layer|alias(?:es)?',
    }.items()
}
_TOOLS = (
    *('Alembic', 'Flyway', 'Liquibase', 'Django', 'Rails', 'Knex', 'Prisma', 'goose', 'golang-migrate', 'TypeORM'),
    *('Sequelize', 'Ecto', 'Diesel', 'sqlx', 'Doctrine', 'gh-ost', 'pt-online-schema-change', 'Atlas', 'dbmate'),
)
_TOOL = re.compile(rf'\b(?P<tool>{"|".join(map(re.escape, _TOOLS))})\b', re.IGNORECASE)
_REVISION = re.compile(r'\brevision(?: id)?:?\s+`(?P<revision>[\w.-]{1,60})`', re.IGNORECASE)
_BACKFILL = re.compile(r'\bback-?fill\w*|\bpopulat\w+|\bdata migration\b', re.IGNORECASE)
_IRREVERSIBLE = re.compile(
    r'\b(?:irreversible|not reversible|cannot be (?:undone|reversed|rolled back)|one-way)\b', re.IGNORECASE
)
_REVERSIBLE = re.compile(
    r'\b(?:reversible|downgrade (?:script|drops|removes)|can be (?:undone|reversed|rolled back)|down migration)\b',
    re.IGNORECASE,
)
_ONLINE = re.compile(
    r'\b(?:concurrently|online|without (?:locking|blocking|downtime)|zero[- ]downtime|no downtime)\b', re.IGNORECASE
)
_OWN_MIGRATION = re.compile(r'^(?:migration|revision|script)\b.{0,120}$|^\d{3,}_\w+', re.IGNORECASE)


def read_approach(blocks: Sequence[Block], context: Context) -> None:
    """Read the approach, all of its text as one item, and the alternatives to it."""
    told: list[Block] = []
    for block in without_directives(blocks):
        if _lists_alternatives(block):
            if block.form is Form.PARAGRAPH and len(block.text.split()) > 6:  # more than a label
                told.append(block.over(()))
            if told:
                _add_approach(told, context)
                told = []
            for child in block.children:
                _add_alternative(child, context)
        else:
            told.append(block)
    if not told:
        return
    if any(_ALTERNATIVES.search(label) for label in context.labels[:1]):
        for block in told:
            _add_alternative(block, context)
    else:
        _add_approach(told, context)


def _lists_alternatives(block: Block) -> bool:
    """Whether *block* is a heading, or a lead-in, above alternatives. Prose may speak of photos that are rejected."""
    if not block.children or not _ALTERNATIVES.search(block.text):
        return False
    lists = any(child.form in (Form.BULLET, Form.STEP, Form.TABLE) for child in block.children)
    return block.form in (Form.HEADING, Form.BOLD) or (
        block.form is Form.PARAGRAPH and lists and block.text.rstrip().endswith(':')
    )


def _add_approach(blocks: Sequence[Block], context: Context) -> None:
    drafts = context.reading.last('approach') or context.reading.add('approach', '', blocks[0])
    add_text(drafts, texts(_without_options(blocks, drafts)), blocks[0].line)


def _without_options(blocks: Sequence[Block], drafts: Sequence[Draft]) -> list[Block]:
    """Take the options that stand among *blocks* and in the lists directly below them; return the rest."""
    kept: list[Block] = []
    for block in blocks:
        if not take_option(drafts, block):
            children = tuple(child for child in block.children if not take_option(drafts, child))
            kept.append(block if len(children) == len(block.children) else block.over(children))
    return kept


def _add_alternative(block: Block, context: Context) -> None:
    if block.form is Form.TABLE:
        for row in rows_of(block, context.reading.kinds['alternative'], context):
            if row.block.cells and row.block.cells[0]:
                drafts = context.reading.add('alternative', unmarked(row.block.cells[0]).replace('`', ''), row.block)
                for option, value in row.options:
                    set_option(drafts, option, value, row.block.line)
                add_text(drafts, row.texts, row.block.line)
        return
    text = ' '.join(unmarked(block.text).split())
    if not text or block.form is Form.CODE:
        context.keep_prose(block)
        return
    lead = block.lead.rstrip(' .:')
    if lead and text.startswith(lead):
        title, rest = lead, text[len(lead) :].lstrip(' :.–—-')
    else:
        title, rest = _split(text)
    whole = f'{text} {" ".join(texts(block.children))}'[: 4 * LIMIT]
    verdict = 'rejected' if _REJECTED.search(whole) else 'chosen' if _CHOSEN.search(whole) else None
    drafts = context.reading.add('alternative', title, block, options={'verdict': verdict} if verdict else None)
    add_text(drafts, [rest], block.line)
    _read_details(block.children, drafts)


def _split(text: str) -> tuple[str, str]:
    """Split ``Topic: statement`` or ``topic - statement``, else the first sentence from the rest."""
    for mark in (': ', ' — ', ' – ', ' - '):
        title, found, rest = text.partition(mark)
        if found and len(title.split()) <= 10 and title.count('`') % 2 == 0 and title.count('(') == title.count(')'):
            return title.strip(), rest.strip()
    return title_of(text)


def _read_details(blocks: Sequence[Block], drafts: Sequence[Draft]) -> None:
    for block in blocks:
        if not take_option(drafts, block):
            add_text(drafts, texts((block,)), block.line)


def read_breaking_changes(blocks: Sequence[Block], context: Context) -> None:
    """Read the changes that clients notice, one a bullet or paragraph."""
    read_blocks(blocks, context, _read_breaking, _HINT)


def _read_breaking(block: Block, context: Context) -> bool:
    return _read_statement('breaking-change', block, context, 'sunset')


def read_compatibility(blocks: Sequence[Block], context: Context) -> None:
    """Read how old clients keep working, one statement a bullet or paragraph."""
    read_blocks(blocks, context, _read_compatible, _HINT)


def _read_compatible(block: Block, context: Context) -> bool:
    return _read_statement('compatibility', block, context, 'until')


def _read_statement(kind: str, block: Block, context: Context, date: str) -> bool:
    text = ' '.join(unmarked(block.text).split())
    declared = context.reading.kinds[kind]
    if block.form is Form.TABLE:
        rows = list(rows_of(block, declared, context))
        for row in rows:
            if row.block.cells and row.block.cells[0].strip():
                options = {option.name for option, _ in row.options}
                title = next((t.partition(': ')[2] for t in row.texts), row.block.cells[0])
                drafts = context.reading.add(kind, title, row.block)
                for option, value in row.options:
                    set_option(drafts, option, value, row.block.line)
                add_text(drafts, row.block.cells if not options else row.texts, row.block.line)
        return bool(rows)
    previous = context.last(kind)
    pair = pair_of(text)
    if previous and pair and declared.option_called(pair[0]) and take_option(previous, block):
        return True
    if block.form is Form.CODE and previous:
        add_text(previous, [block.text], block.line)
        return True
    label = text.endswith(':') or block.form in (Form.HEADING, Form.BOLD)
    if not text or block.form is Form.CODE or (label and block.children and len(text.split()) <= 6):
        return False
    if block.form is Form.PARAGRAPH and (text.endswith(':') or not context.reads_prose):
        return False
    title, rest = title_of(text)
    drafts = context.reading.add(kind, title, block)
    if 'mechanism' in declared.options:
        found = next((name for name, words in _MECHANISMS.items() if words.search(text[: 2 * LIMIT])), None)
        if found:
            set_option(drafts, declared.options['mechanism'], found, block.line)
    if until := _DATE.search(text[: 2 * LIMIT]):
        set_option(drafts, declared.options[date], until['date'], block.line)
    add_text(drafts, [rest], block.line)
    _read_details(block.children, drafts)
    return True


def read_migrations(blocks: Sequence[Block], context: Context) -> None:
    """Read the migration story: one migration, or one for each heading that names one; numbered lists are steps."""
    told: list[Block] = []
    for block in without_directives(blocks):
        own = block.form in (Form.HEADING, Form.BOLD) and block.children and _OWN_MIGRATION.match(unmarked(block.text))
        if own:
            _add_migration([replace(block, children=()), *block.children], context)
        else:
            told.append(block)
    if told:
        _add_migration(told, context)


def _add_migration(blocks: Sequence[Block], context: Context) -> None:
    steps: list[Block] = []
    rest = [kept for block in blocks if (kept := _without_steps(block, steps)) is not None]
    if rest:
        lead = next((b for b in rest if b.text.strip() and b.form is not Form.CODE), rest[0])
        title = title_of(unmarked(lead.text))[0] if lead.text and lead.form is not Form.CODE else ''
        pair = pair_of(title)
        named = pair is not None and context.reading.kinds['migration'].option_called(pair[0])
        drafts = context.reading.add('migration', 'Migration' if named or not title else title, lead)
        body = list(texts(_without_options(rest, drafts)))
        if body and body[0] == lead.text:
            body[0] = title_of(unmarked(lead.text))[1]
        add_text(drafts, body, lead.line)
        for block in _sql_in(rest):
            read_entities([block], context)
        _add_facts(drafts, list(texts(rest)), lead.line)
    read_steps(steps, context)


def _sql_in(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks of SQL of a story: some notes say only there what becomes of a table."""
    for block in blocks:
        if block.form is Form.CODE and IS_SQL.search(block.text):
            yield block
        yield from _sql_in(block.children)


def _without_steps(block: Block, steps: list[Block]) -> Block | None:
    """Move the numbered entries of *block* to *steps*; ``None`` where nothing else is left."""
    if block.form is Form.STEP:
        steps.append(block)
        return None
    children = tuple(kept for child in block.children if (kept := _without_steps(child, steps)) is not None)
    return replace(block, children=children)


def _add_facts(drafts: Sequence[Draft], told: Sequence[str], line: int) -> None:
    """Set what the words of a migration story tell: tool, revision, backfill, whether it can be undone."""
    options = drafts[0].kind.options
    head = '\n'.join(told)[: 20 * LIMIT]
    if tool := _TOOL.search(head):
        spelled = next(name for name in _TOOLS if name.casefold() == tool['tool'].casefold())
        set_option(drafts, options['tool'], spelled, line)
    if revision := _REVISION.search(head):
        set_option(drafts, options['revision'], revision['revision'], line)
    if said := next((s for text in told for s in sentences(text[: 20 * LIMIT]) if _BACKFILL.search(s)), None):
        set_option(drafts, options['backfill'], said.rstrip('.'), line)
    if _IRREVERSIBLE.search(head):
        set_option(drafts, options['reversible'], 'no', line)
    elif _REVERSIBLE.search(head):
        set_option(drafts, options['reversible'], 'yes', line)
    if _ONLINE.search(head):
        set_option(drafts, options['online'], 'yes', line)
