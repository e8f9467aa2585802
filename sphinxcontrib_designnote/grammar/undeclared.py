"""Headings that no profile declares, and below which something is stated all the same: it must not vanish silently."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sphinxcontrib_designnote.diagnostics import Problem, quote
from sphinxcontrib_designnote.grammar.blocks import LIMIT, Block, Form, hold_directive
from sphinxcontrib_designnote.grammar.headings import folded_heading
from sphinxcontrib_designnote.grammar.profile import Profile
from sphinxcontrib_designnote.grammar.reading import Reading
from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.identity import METHODS, endpoint_identity, entity_identity, name_identity

#: Headings, folded, below which nothing is stated: what is, what was, what might be, what is shown by example.
_BESIDE = re.compile(
    r'(?:(?:what|why|who|when)$|(?:what and )?why\b|abstract|acceptance|actors|agenda|appendix|appendices|as is'
    r'|assumptions|backgrounds?|baseline|benchmarks?|capacity|change ?log|constraints|context|costs?|decisions?'
    r'|definitions?|dependencies|diagrams?|discussion|drawbacks|estimates?|faq|flows?|follow ups?|future|glossary|goals'
    r'|history|how to|incident|introduction|intro|known issues|later|learnings|legend|limitations|links|metrics'
    r'|milestones|monitoring|motivation|next steps|non goals|notes?|not in scope|objectives?|observability'
    r'|open (?:issues?|items?|points?|topics?)|out of scope|performance|prerequisites|previous|prior|problems?|process'
    r'|purpose|questions|rationale|recovery|references?|related|requirements|research|revisions?|risks?|roll ?back'
    r'|rolling back|back ?out|runbook|scenarios?|scope|see also|sequence|stakeholders|status|story|stories|support'
    r'|terminology|terms|todos?|trade ?offs|troubleshooting|unresolved|usage|use cases?|user stor(?:y|ies)'
    r'|walk ?through|workarounds?|work items)\b'
    r'|.{0,100}\b(?:examples?|samples?|current|currently|existing|today|now|as is|status quo|legacy|before'
    r'|alternatives?|rejected|discarded|questions?|future|later|demo|flow)\b'
)
_METHOD = '|'.join(METHODS)
#: ``POST /jobs``, and ``GET, PUT /jobs``, behind marks.
_ENDPOINT = re.compile(
    rf'[^\w/]{{0,12}}(?P<method>{_METHOD})(?:\s?(?:,|/|\||\+|and|or)\s?(?:{_METHOD})){{0,8}}'
    r'[`*]{0,3}:?\s{1,12}[`*]{0,3}(?P<path>/[^\s`*?,;()]{1,200})'
)
_TABLE = re.compile(
    r'[ \t]*(?:CREATE|ALTER)\s+(?:\w+\s+){0,2}TABLE\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?P<name>[\w."`]{1,100})',
    re.IGNORECASE,
)
#: A request that is shown, not stated.
_SHOWN = re.compile(r'^[ \t]*(?:curl\b|host:|\$ )|\sHTTP/[12]', re.IGNORECASE | re.MULTILINE)


def report_undeclared(blocks: Sequence[Block], reading: Reading) -> None:
    """Report each heading that opens no section and has a statement below it that nothing else on the page makes.

    :param blocks: what belongs to no section.
    """
    if not blocks:
        return
    drafts = (*reading.stated, *(draft for draft, _ in reading.found))
    known = {_key(draft) for draft in drafts if draft.kind.name in ('endpoint', 'entity')}
    for block in blocks:
        _visit(block, known, reading)


def _key(draft: Draft) -> str:
    if draft.kind.name == 'entity':
        return entity_identity(name_identity(draft.argument.key), {})
    method, path = draft.fields.get('method'), draft.fields.get('path')
    return endpoint_identity(str(method) if method else None, str(path)) if path else draft.argument.key


def _visit(heading: Block, known: set[str], reading: Reading) -> None:
    if heading.form not in (Form.HEADING, Form.BOLD) or _BESIDE.match(folded_heading(heading.text)):
        return
    inner = [child for child in heading.children if child.form is Form.HEADING]
    own = [child for child in heading.children if child.form is not Form.HEADING]
    stated = next((each for each in _statements(own) if each[1] not in known), None)
    if stated is not None and not hold_directive(own) and (title := _title_of(stated[2], reading.profile)):
        message = (
            f'heading {quote(heading.text)} is no section of the profile, and {quote(stated[0])} stands below it; '
        )
        message += f'use {quote(title)}, or add the heading to a profile'
        reading.problems.append(Problem(code='DN108', message=message, location=heading.location))
    for child in inner:
        _visit(child, known, reading)


def _statements(blocks: Sequence[Block]) -> Iterator[tuple[str, str, str]]:
    """Yield what is unmistakably stated: in what words, what it is by, and in which slot it belongs."""
    for block in blocks:
        if block.form is Form.CODE:
            lines = [] if _SHOWN.search(block.text) else block.text.split('\n')
        elif block.form is Form.ROW:
            lines = [' '.join(cell for cell in block.cells if cell)]
        else:
            lines = [] if block.form is Form.PARAGRAPH else [block.text]
        for line in lines:
            if match := _ENDPOINT.match(line[:LIMIT]):
                path = match['path'].rstrip('.:')
                yield f'{match["method"]} {path}', endpoint_identity(match['method'], path), 'new-endpoints'
            elif match := _TABLE.match(line[:LIMIT]):
                name = match['name'].replace('"', '').replace('`', '')
                yield ' '.join(match[0].split()), entity_identity(name_identity(name), {}), 'new-entities'
        yield from _statements(block.children)


def _title_of(slot: str, profile: Profile) -> str | None:
    sections = [section for section in profile.sections if slot in section.slots and section.headings]
    return min(sections, key=lambda section: len(section.slots)).title if sections else None
