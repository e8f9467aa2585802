"""Pictures as SVG that stands in a page: in the colours of its text, with links and a name that is read aloud.

What can be clicked is a group with the id ``n`` and the number of its link, whoever draws the picture.
"""

from __future__ import annotations

import datetime
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence

from sphinxcontrib_designnote.views.content import Moment

_NUMBERED = re.compile(r'n(\d+)')
#: Of a time line, in pixels: its width, the height of a row, free space at either end, width of a mark's label.
_WIDTH, _ROW, _MARGIN, _LABEL = 740, 24, 10, 50
#: Characters of a text, which may be as long as half a row.
_TEXT = 58
#: Months between two marks of the axis: the first that makes no more than this many marks.
_STEPS, _MOST_MARKS = (1, 3, 6, 12, 24, 60, 120, 1200, 12000), 10


def inlined(svg: str, *, id_: str, title: str, description: str, links: Sequence[tuple[str, str]]) -> str:
    """Return *svg* as an element of a page.

    :param id_: what is called so nowhere else on the page.
    :param links: address and name of what can be clicked, by their numbers; an address may be empty.
    :raises ET.ParseError: for what is no XML.
    """
    root = ET.fromstring(svg)  # noqa: S314 - made by Graphviz or below, and no author can state an entity
    for element in root.iter():
        element.tag = element.tag.rpartition('}')[2]
        for name in ('fill', 'stroke'):
            if element.get(name) == 'black':
                element.set(name, 'currentColor')
    root.attrib = {
        'xmlns': 'http://www.w3.org/2000/svg',
        **{name: root.get(name, '') for name in ('viewBox', 'width', 'height')},
        'style': f'--dn-width: {root.get("width")}',
        'fill': 'currentColor',
        'role': 'group',
        'aria-labelledby': f'{id_}-title',
        'aria-describedby': f'{id_}-desc',
    }
    for group in list(root.iter('g')):
        for title_of_group in group.findall('title'):
            group.remove(title_of_group)
        number = _NUMBERED.fullmatch(group.attrib.pop('id', ''))
        if number is not None:
            _link(group, *links[int(number[1])])
    for place, (tag, text) in enumerate((('title', title), ('desc', description))):
        about = ET.Element(tag, {'id': f'{id_}-{tag}'})
        about.text = text
        root.insert(place, about)
    return ET.tostring(root, 'unicode')


def _link(group: ET.Element, href: str, name: str) -> None:
    """Put what stands in *group* into a link, or leave it and only name it."""
    inside = list(group)
    for child in inside:
        group.remove(child)
    holder = ET.SubElement(group, 'a', {'href': href}) if href else group
    ET.SubElement(holder, 'title').text = name
    holder.extend(inside)


def time_line(moments: Sequence[Moment]) -> str:
    """Draw *moments*, the earliest first and not all of one day: a row each, at its place on an axis of dates."""
    first, last = moments[0].date, moments[-1].date
    height = _ROW * (len(moments) + 1) + _MARGIN

    def place(date: datetime.date) -> float:
        return round(_MARGIN + (_WIDTH - 2 * _MARGIN) * (date - first).days / (last - first).days, 1)

    root = ET.Element('svg', {'viewBox': f'0 0 {_WIDTH} {height}', 'width': f'{_WIDTH}px', 'height': f'{height}px'})
    for mark in _marks(first, last):
        x = place(mark)
        ET.SubElement(root, 'path', {'class': 'dn-mark', 'd': f'M{x} {_ROW}V{height}', 'stroke': 'black'})
        _text(root, min(max(x, _LABEL / 2), _WIDTH - _LABEL / 2), _ROW - 8, f'{mark:%Y-%m}', 'middle')
    for row, moment in enumerate(moments, start=1):
        x, y = place(moment.date), _ROW * row + _ROW // 2
        group = ET.SubElement(root, 'g', {'id': f'n{row - 1}', 'class': 'dn-moment'})
        look = {'fill': 'black'} if moment.done else {'fill': 'none'}
        ET.SubElement(group, 'circle', {'cx': str(x), 'cy': str(y), 'r': '5', 'stroke': 'black', **look})
        at_end = x > _WIDTH / 2
        said = f'{moment.date} {moment.text}'
        said = said if len(said) <= _TEXT else f'{said[: _TEXT - 1]}…'
        _text(group, x - 10 if at_end else x + 10, y + 4, said, 'end' if at_end else 'start')
    return ET.tostring(root, 'unicode')


def _text(parent: ET.Element, x: float, y: int, text: str, anchor: str) -> None:
    place = {'x': f'{x:g}', 'y': str(y), 'text-anchor': anchor}
    font = {'font-family': 'Helvetica,Arial,sans-serif', 'font-size': '12'}
    ET.SubElement(parent, 'text', place | font).text = text


def _marks(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """Yield first days of months between two dates, at equal distances."""
    start, end = (date.year * 12 + date.month - 1 for date in (first, last))
    step = next(step for step in _STEPS if (end - start) // step < _MOST_MARKS or step == _STEPS[-1])
    for month in range(-(-(start + (first.day > 1)) // step) * step, end + 1, step):
        yield datetime.date(month // 12, month % 12 + 1, 1)
