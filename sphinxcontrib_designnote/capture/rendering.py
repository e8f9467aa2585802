"""How an item looks on its page: an object description, as Sphinx's own domains have them.

``desc`` nodes are what every theme styles, every writer knows, and the permalink is made for. Options become a field
list.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _

from sphinxcontrib_designnote.model.drafts import Draft
from sphinxcontrib_designnote.model.records import Value
from sphinxcontrib_designnote.model.schema import NOTE, RECORD_OPTIONS, Option, ValueType

DOMAIN = 'dn'
#: Marks references that stand in an option: rules report those that nothing answers to, Sphinx need not.
OF_OPTION = 'dn-option'
#: Attribute of references whose target is known already: its page, its anchor and its title.
MEANT = 'dn-meant'
_CODE = re.compile(r'`([^`]+)`')
_METHOD_CLASS = re.compile(r'[^a-z]')
#: Fields that the signature shows already.
_IN_SIGNATURE = frozenset({'method', 'path', 'status'})


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """The nodes of a directive's items."""

    root: addnodes.desc
    #: Beside each draft the node that takes its id.
    signatures: list[addnodes.desc_signature]
    #: Takes the body.
    content: addnodes.desc_content


def describe(drafts: Sequence[Draft], source: str, classes: Sequence[str] = ()) -> Description:
    """Make the description of a directive's items.

    :param source: the file that they stand in, as docutils names it.
    """
    draft = drafts[0]
    kind = draft.kind
    description = addnodes.desc(domain=DOMAIN, objtype=kind.name, desctype=kind.name, no_index=True)
    description['classes'] = [DOMAIN, f'dn-{kind.name}', *classes]
    signatures = [_signature(each) for each in drafts]
    description += signatures
    content = addnodes.desc_content()
    description += content
    if fields := _field_list(draft, source):
        content += fields
    return Description(root=description, signatures=signatures, content=content)


def _signature(draft: Draft) -> addnodes.desc_signature:
    kind = draft.kind
    signature = addnodes.desc_signature('', '', classes=['dn-signature'])
    # Read aloud, or in a format without a stylesheet, this is a sentence: "New endpoint POST /jobs".
    change = draft.fields.get('status') if kind.name == NOTE else draft.change
    if change:
        badge = nodes.inline('', str(change).capitalize(), classes=['dn-badge', f'dn-{change}'])
        signature += addnodes.desc_annotation('', '', badge, nodes.Text(f' {_(kind.label).lower()} '))
    else:
        signature += addnodes.desc_annotation('', '', nodes.Text(f'{_(kind.label)} '))
    title = draft.argument.title
    if method := draft.fields.get('method'):
        method_class = _METHOD_CLASS.sub('', str(method).lower())
        signature += nodes.inline('', str(method), classes=['dn-method', f'dn-method-{method_class}'])
        signature += nodes.Text(' ')
        signature += addnodes.desc_name('', str(draft.fields.get('path', title)))
    elif title:
        signature += addnodes.desc_name('', '', *words_and_code(title))
    return signature


def _field_list(draft: Draft, source: str) -> nodes.field_list | None:
    fields: list[nodes.Node] = []
    for option in draft.kind.options.values():
        value = draft.fields.get(option.key)
        if option.name in RECORD_OPTIONS:
            value = draft.stated.get(option.name) if option.name in ('release', 'service') else None
        if value is None or option.key in _IN_SIGNATURE:
            continue
        paragraph = nodes.paragraph('', '', *_shown(option, value))
        if option.type is ValueType.TEXT and isinstance(value, str):  # prose, which translators are to find
            paragraph.rawsource = value
            paragraph.source, paragraph.line = source, draft.lines.get(option.key, draft.location.line)
        fields.append(_field(_(option.name.replace('-', ' ').capitalize()), paragraph))
    for name, text in draft.unread.items():
        fields.append(_field(name.replace('-', ' ').capitalize(), nodes.paragraph('', text)))
    return nodes.field_list('', *fields, classes=['dn-options']) if fields else None


def _field(label: str, value: nodes.paragraph) -> nodes.field:
    return nodes.field('', nodes.field_name('', label), nodes.field_body('', value))


def _shown(option: Option, value: Value | None) -> list[nodes.Node]:
    if isinstance(value, bool):
        return [nodes.Text(_('yes') if value else _('no'))]
    if isinstance(value, datetime.date):
        return [nodes.Text(value.isoformat())]
    if isinstance(value, tuple):
        shown: list[nodes.Node] = []
        for name in value:
            if shown:
                shown.append(nodes.Text(', '))
            shown.append(reference(name) if option.type is ValueType.REFERENCES else nodes.Text(name))
        return shown
    if option.type is ValueType.CODE:
        return [nodes.literal('', str(value))]
    return words_and_code(str(value))


def words_and_code(text: str) -> list[nodes.Node]:
    """Text in which backticks mark code; nothing else is markup."""
    if '`' not in text:
        return [nodes.Text(text)]
    pieces: list[nodes.Node] = []
    for index, piece in enumerate(_CODE.split(text)):
        if piece:
            pieces.append(nodes.literal('', piece) if index % 2 else nodes.Text(piece))
    return pieces


def reference(written: str) -> addnodes.pending_xref:
    """A link to whatever *written* names, resolved when all notes are known; plain text where nothing has the name."""
    return addnodes.pending_xref(
        '',
        nodes.inline('', written, classes=['xref', DOMAIN]),
        refdomain=DOMAIN,
        reftype='item',
        reftarget=written,
        refexplicit=True,
        **{OF_OPTION: True},
    )
