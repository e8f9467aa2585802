"""Which words of a block have found a place in a directive, and which have not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sphinxcontrib_designnote.convert.pieces import Piece, trimmed
from sphinxcontrib_designnote.convert.writing import Directive
from sphinxcontrib_designnote.grammar.blocks import Block, texts
from sphinxcontrib_designnote.grammar.changes import change_in
from sphinxcontrib_designnote.grammar.reading import pair_of
from sphinxcontrib_designnote.model.drafts import Draft

_WORD = re.compile(r'[^\W_]+')
_LEAD = re.compile(r'(?P<before>\W*?)\*\*(?P<words>[^*]+)\*\*')
_TICKS = re.compile(r'`+')
#: Words that say nothing which kind, change and options do not say: ``We add an endpoint``, ``(default: off)``.
_EMPTY = frozenset(
    _WORD.findall(
        'we will the a an to of and or is are in on off this that these ll it its for with be by no not none n nothing'
        ' null nullable default defaults true false yes enabled disabled required optional mandatory field fields'
        ' column columns index table tables entity entities model schema collection topic endpoint endpoints flag flags'
        ' feature gate toggle applicable changes test tests x named called adds primary key unique foreign constraint'
        ' log logs logged when verb method path url uri route name type initially state testing request'
    )
)


def squash(text: str) -> str:
    """Return *text* on one line, code in single backticks."""
    return ' '.join(_TICKS.sub('`', text).split())


def words(text: str) -> set[str]:
    """Return the words of a text, folded."""
    return {word.casefold() for word in _WORD.findall(text)}


def said_by(directive: Directive) -> set[str]:
    """Return all words that a directive and what is in it say, names of options included."""
    found = words(f'{directive.kind.name} {directive.kind.label} {directive.argument}')
    for name, value in directive.options:
        option = directive.kind.options.get(name)
        found |= words(f'{name} {" ".join(option.also if option else ())} {value}')
    for part in directive.body:
        found |= words(' '.join(part)) if isinstance(part, list) else said_by(part)
    return found


def lost_words(text: str, made: Iterable[Directive | None], rest: Sequence[str]) -> set[str]:
    """Return the words of *text* that neither the directives nor *rest* say."""
    said = words(' '.join(rest)).union(*(said_by(directive) for directive in made if directive is not None))
    return {
        word
        for word in words(text) - said - _EMPTY
        if change_in(word) is None and not (word.endswith('s') and word[:-1] in said)
    }


def left_over(source: Sequence[str], text: str, body: str) -> list[str] | None:
    """Return the end of *source* that is the beginning of *body*.

    :param source: lines of the source, without marks and indentation.
    :param text: the same as the reader sees it, without markup.
    :param body: what the reader kept as text of the item.
    :return: lines, none where the body says nothing of them; ``None`` where the source has markup that the text has
        not, so that it cannot be told which part is meant.
    """
    seen = squash(text)
    if source and (lead := _LEAD.match(source[0])) is not None:  # its bold type says that it is the title
        source = [lead['before'] + lead['words'] + source[0][lead.end() :], *source[1:]]
    if squash(' '.join(source)) != seen:
        return None
    parts = body.split('\n')
    for count in range(len(parts), 0, -1):
        start = squash(' '.join(parts[:count])).rstrip(' .;:')
        at = seen.rfind(start) if start else -1
        if at >= 0:
            return _tail(source, len(_solid(seen[at:])))
    return []


def _solid(text: str) -> str:
    return ''.join(_TICKS.sub('`', text).split())


def _tail(source: Sequence[str], count: int) -> list[str]:
    """Return the end of *source* with *count* characters that are not white space; code marks count once."""
    whole = '\n'.join(source)
    at = len(whole)
    while at > 0 and len(_solid(whole[at:])) < count:
        at -= 1
    while at > 0 and whole[at] == '`' and whole[at - 1] == '`':
        at -= 1
    return trimmed(whole[at:].split('\n'))


def is_consumed(
    block: Block, piece: Piece, drafts: Sequence[Draft], source: Sequence[str], whole: Sequence[str]
) -> bool:
    """Whether all that a block says has become an option of one of *drafts*.

    :param source: its own lines; *whole*: with what stands in it.
    """
    pair = pair_of(block.text)
    if squash(' '.join(source)) != squash(block.text):
        return False
    seen = squash(block.text)
    options = [(draft, key) for draft in drafts for key, line in draft.lines.items() if line == block.line]
    if not block.children and any(squash(str(draft.fields.get(key))) == seen for draft, key in options):
        return True  # a sentence that was taken for the purpose
    if pair is None:
        return False
    for draft in drafts:
        if is_target(block, draft) and not block.children:
            return True
        option = draft.kind.option_called(pair[0])
        if option is None or draft.lines.get(option.key) != block.line:
            continue
        value = draft.fields.get(option.key, draft.stated.get(option.key, ''))
        if isinstance(value, str):
            said = words(value) | words(option.name) | words(pair[0])
            return words(' '.join((block.text, *texts(block.children)))) <= said and words(' '.join(whole)) <= said
        return not lost_words(pair[1], (), [str(value), str(pair[1]) if len(words(pair[1])) <= 2 else ''])
    return False


def is_target(block: Block, draft: Draft) -> bool:
    """Whether a block is one of the two that state an endpoint together: ``URL: /jobs`` and ``Method: GET``."""
    pair = pair_of(block.text)
    value = pair[1].replace('`', '').strip(' .*') if pair is not None else ''
    return bool(value) and value in (draft.fields.get('method'), draft.fields.get('path'))
