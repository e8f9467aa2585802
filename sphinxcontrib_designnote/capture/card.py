"""The summary card: what a note states, in a few lines below its title, each name a link to its statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _

from sphinxcontrib_designnote.capture.rendering import words_and_code
from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.model.schema import ArgumentType, Kind

#: Marks the card, for the stylesheet and for what reads the author's prose.
CARD = 'dn-card'
#: So many names stand in a line; the others are counted. A title that is longer is cut.
_NAMES, _LONGEST = 12, 80
#: Arguments that are code, unless they are several words.
_CODE = frozenset({ArgumentType.HTTP_TARGET, ArgumentType.NAME, ArgumentType.DECLARATION, ArgumentType.OPERATION})

Show = Callable[[Sequence[Item], Mapping[str, Kind]], list[nodes.Node]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of the card."""

    label: str
    kinds: tuple[str, ...]
    show: Show


def card_of(note: Note, kinds: Mapping[str, Kind]) -> nodes.container | None:
    """Make the card of *note*; ``None`` when there is nothing to say."""
    fields = [
        _field(_(name.capitalize()), [nodes.Text(text)])
        for name in ('status', 'owners')
        if (text := note.status if name == 'status' else ', '.join(note.names(name)))
    ]
    items: dict[str, list[Item]] = {}
    for item in note.items:
        items.setdefault(item.kind, []).append(item)
    fields += [
        _field(_(line.label), line.show(of_line, kinds))
        for line in (*LINES, *_lines_of_own_kinds(kinds), NONE)
        if (of_line := [item for kind in line.kinds for item in items.get(kind, ())])
    ]
    return nodes.container('', nodes.field_list('', *fields), classes=[CARD]) if fields else None


def add_card(
    document: nodes.document, title: nodes.title | None, marker: nodes.Element | None, card: nodes.Node
) -> None:
    """Put *card* below the *title* of the page, and below the *marker* of the note where it comes first."""
    parent = title.parent if title is not None and title.parent is not None else document
    at = parent.index(title) + 1 if title is not None else 0
    description = marker.parent if marker is not None else None
    for position in range(at, len(parent.children)):
        child = parent.children[position]
        if child is description or isinstance(child, nodes.docinfo):
            at = position + 1
        elif not isinstance(child, (nodes.Invisible, nodes.PreBibliographic, addnodes.index)):
            break
    parent.insert(at, card)


def _field(label: str, content: Iterable[nodes.Node]) -> nodes.field:
    # Nothing here has a source: translators are not to find it among the author's words.
    body = nodes.field_body('', nodes.paragraph('', '', *content))
    return nodes.field('', nodes.field_name('', label), body)


def _link(item: Item, *content: nodes.Node) -> nodes.reference:
    return nodes.reference('', '', *content, internal=True, refid=item.anchor)


def _names(items: Sequence[Item], kinds: Mapping[str, Kind]) -> list[nodes.Node]:
    """``new `POST /x`, changed `POST /y```."""
    shown: list[nodes.Node] = []
    for item in items[:_NAMES]:
        if shown:
            shown.append(nodes.Text(', '))
        if item.change:
            shown.append(nodes.Text(f'{_(item.change)} '))
        if kinds[item.kind].argument in _CODE and ('/' in item.key or ' ' not in item.key):
            shown.append(_link(item, nodes.literal('', item.key)))
        else:
            shown.append(_link(item, *words_and_code(_short(item.title))))
    if len(items) > _NAMES:
        shown.append(nodes.Text(_(', and %d more') % (len(items) - _NAMES)))
    return shown


def _short(title: str) -> str:
    if len(title) <= _LONGEST:
        return title
    return title[:_LONGEST].rpartition(' ')[0].replace('`', '') + '…'


def _steps(items: Sequence[Item], kinds: Mapping[str, Kind]) -> list[nodes.Node]:
    """``5 steps``."""
    text = _('%d step') if len(items) == 1 else _('%d steps')
    return [_link(items[0], nodes.Text(text % len(items)))]


def _tests(items: Sequence[Item], kinds: Mapping[str, Kind]) -> list[nodes.Node]:
    """``9 (unit 3, manual 6)``; each level leads to its first test."""
    levels: dict[str, list[Item]] = {}
    for item in items:
        levels.setdefault(item.text('level') or '', []).append(item)
    shown: list[nodes.Node] = [_link(items[0], nodes.Text(str(len(items))))]
    for level in filter(None, levels):
        shown.append(nodes.Text(', ' if len(shown) > 1 else ' ('))
        shown.append(_link(levels[level][0], nodes.Text(f'{_(level)} {len(levels[level])}')))
    return [*shown, nodes.Text(')')] if len(shown) > 1 else shown


def _slots(items: Sequence[Item], kinds: Mapping[str, Kind]) -> list[nodes.Node]:
    """``breaking changes, audit``."""
    shown: list[nodes.Node] = []
    for item in items:
        shown += [nodes.Text(', ')] if shown else []
        shown.append(_link(item, nodes.Text(_(item.key.replace('-', ' ')))))
    return shown


#: The lines, in the order of the card.
LINES = (
    Line(label='API', kinds=('endpoint', 'interface'), show=_names),
    Line(label='Breaking changes', kinds=('breaking-change',), show=_names),
    Line(label='Data', kinds=('entity', 'migration'), show=_names),
    Line(label='Audit', kinds=('audit-event',), show=_names),
    Line(label='Flags', kinds=('feature-flag',), show=_names),
    Line(label='Rollout', kinds=('rollout-step',), show=_steps),
    Line(label='Tests', kinds=('test-case',), show=_tests),
)
NONE = Line(label='None', kinds=('no-impact',), show=_slots)
#: Kinds that say how something in a line is done, and have none of their own.
WITHOUT_LINE = frozenset(
    {
        *('design-note', 'approach', 'alternative', 'field', 'constraint', 'authorization', 'security-consideration'),
        *('rollout', 'compatibility', 'test-plan'),
    }
)


def _lines_of_own_kinds(kinds: Mapping[str, Kind]) -> Iterator[Line]:
    """Yield a line for each kind that a project has declared."""
    known = {kind for line in (*LINES, NONE) for kind in line.kinds} | WITHOUT_LINE
    for kind in kinds.values():
        if kind.name not in known:
            yield Line(label=kind.label, kinds=(kind.name,), show=_names)
