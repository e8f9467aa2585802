"""Which endpoints a text names, and whether it declares them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sphinxcontrib_designnote.grammar.blocks import LIMIT, unmarked
from sphinxcontrib_designnote.grammar.changes import without_change
from sphinxcontrib_designnote.grammar.reading import pair_of
from sphinxcontrib_designnote.grammar.roles import ROLES
from sphinxcontrib_designnote.model.identity import METHODS, clean_path, split_methods

M = '|'.join(METHODS)


OR = r'(?:\s*[,|+&/]\s*(?:(?:or|and)\s+)?|\s+(?:or|and)\s+)'


_PATH = r'/(?:\{[^{}\n`]{0,80}\}|<[^<>\n`]{0,80}>|[^\s`"\'|,;()<>{}?])*(?:\?[^\s`]*)?'


#: Methods and path; without a leading slash only behind a method in capitals, as code or with a slash inside.
FULL = re.compile(
    rf'(?P<code>[`\[])?(?<![\w/])(?P<methods>(?i:{M})(?:{OR}(?:{M})){{0,8}})(?:[`\]]?:?\s+[`"\']?|[`:]\s*[`"\']?)'
    rf'(?:(?P<path>{_PATH})|(?<=[A-Z] )(?P<bare>(?!\w+://)[A-Za-z0-9_{{]'
    r'(?:\{[^{}\n`]{0,80}\}|[\w./:<>-])*(?:/(?:\{[^{}\n`]{0,80}\}|[\w./:<>-])*|(?=`))))`?'
)


#: ``POST imports - upload a file``
_WORD_PATH = re.compile(
    rf'(?P<methods>(?:{M})(?:{OR}(?:{M})){{0,8}})\s+(?P<path>(?!))?(?P<bare>[a-z][\w-]{{0,80}})'
    r'(?=\s*(?:$|[:(–—]|-\s))'
)


PATH_ALONE = re.compile(rf'`?(?P<path>{_PATH})`?')


#: As code, and with a parameter or three segments, a path needs no slash before it.
_CODE_PATH = re.compile(r'`(?P<path>[A-Za-z0-9_][\w.-]{0,80}/(?:\{[^{}\n`]{0,80}\}|[\w./:<>-]){1,200})`')


_METHODS_BEHIND = re.compile(rf'\s*[([:–—-]*\s*`?(?P<methods>(?:{M})(?:{OR}(?:{M})){{0,8}})`?\b[)\]]?')


_MARKS_BEHIND = re.compile(r'(?<![/*])[*.:]+$')


_JOINT = re.compile(r'\s*(?:,|\+|&|/|\band\b|\bor\b|,\s*and\b)\s*$')


ARROW = re.compile(r'\s*(?:→|-->|->|=>|⇒|\bto\b|\bbecomes\b|\bis replaced by\b)\s*$')


#: What stands before an endpoint that is only spoken of.
_SPOKEN_OF = re.compile(
    r'\b(?:see|like|instead|via|calls?|calling|unlike|from|similar|same|example|e\.g|clients?|curl|redirects?|proxy'
    r'|proxies|through|against|hits?|invokes?|behind|callers?)\b',
    re.IGNORECASE,
)


VERB = re.compile(
    r'(?:we(?:\'ll| will)?\s+|this\s+)?(?:add|adds|extend|extends|change|changes|modify|remove|removes|drop|deprecate'
    r'|introduce|introduces|rename|support|return|accept|expose|update|new|a new|the new|no changes? to)\b',
    re.IGNORECASE,
)


_FILE = re.compile(r'\.(?:py|tsx?|jsx?|vue|go|rs|java|kt|rb|md|rst|sql|html|css|ya?ml|toml|sh|conf|ini|png|svg)$')


_FILE_ROOTS = ('/etc/', '/usr/', '/var/', '/opt/', '/home/', '/tmp/', '/proc/', '/dev/')  # noqa: S108 - as read, not used


#: Routes of a browser, not of a server.
_FRONT_END = re.compile(r'\b(?:page|screen|front-?end|ui|view|client-side|browser|spa|react|router)\b', re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """An endpoint as a text names it."""

    #: Upper case; empty where the text gives a path alone.
    methods: tuple[str, ...]
    path: str
    start: int
    end: int


def targets_in(text: str, *, marked: bool) -> list[Target]:
    """Return the endpoints that a statement is about; none where it only speaks of some, or of files and pages.

    :param marked: the text stands in a bullet, a heading or the like; prose must begin with the endpoint.
    """
    head = text[:LIMIT]
    if '/' not in head and '`' not in head and not head.lstrip(' *[]x').startswith(METHODS):
        return []
    lead, _ = without_change(unmarked(head))
    at = len(head) - len(lead) if head.endswith(lead) else 0
    matches = list(FULL.finditer(head))
    if not matches and marked and (word := _WORD_PATH.match(head, at)):
        matches = [word]
    if not matches:
        alone = _path_alone(head, at)
        return [alone] if alone else []
    before = head[at : matches[0].start()]
    if not _may_stand_before(before, marked=marked):
        return []
    targets = [target_of(matches[0])]
    for match in matches[1:]:
        between = head[targets[-1].end : match.start()]
        if not (_JOINT.fullmatch(between) or ARROW.fullmatch(between)):
            break
        targets.append(target_of(match))
    return targets


def target_of(match: re.Match[str]) -> Target:
    """Return the endpoint that a match of :data:`FULL` names."""
    path = match['path'] or '/' + match['bare']
    return Target(
        methods=split_methods(match['methods'].replace('/', ',')),
        path=clean_path(_without_marks(path)),
        start=match.start(),
        end=match.end(),
    )


def _without_marks(path: str) -> str:
    """Drop the marks of bold and of a sentence behind a path; the star of ``/files/*`` is its own."""
    return _MARKS_BEHIND.sub('', path.rstrip('.:'))


def _may_stand_before(text: str, *, marked: bool) -> bool:
    words = text.split()
    if words and words[-1].strip('`*').casefold() == 'new':
        return marked
    if _SPOKEN_OF.search(text):
        return False
    if not words:
        return True
    if text.rstrip(' `*').endswith((':', '–', '—', ' -')) and len(words) <= 10:
        return marked or len(words) <= 4
    return marked and (len(words) <= 5 or (len(words) <= 14 and VERB.match(text.strip()) is not None))


def _path_alone(head: str, at: int) -> Target | None:
    """Return a path with which the text begins, its methods, if any, behind it."""
    start = at + len(head[at:]) - len(head[at:].lstrip())
    if (pair := pair_of(head[at:])) and ROLES.get(pair[0]) == 'path':
        start = head.index(pair[1], at) if pair[1] else start
    match = PATH_ALONE.match(head, start) or _CODE_PATH.match(head, start)
    if match is None or match['path'] == '/' or '//' in match['path']:
        return None
    path = clean_path('/' + _without_marks(match['path']).removeprefix('/'))
    if _FILE.search(path) or path.startswith(_FILE_ROOTS):
        return None
    behind = _METHODS_BEHIND.match(head, match.end())
    if behind is None and _FRONT_END.search(head):
        return None
    methods = split_methods(behind['methods'].replace('/', ',')) if behind else ()
    return Target(methods=methods, path=path, start=start, end=behind.end() if behind else match.end())


def targets_of_row(method: str | None, path: str | None, cells: Sequence[str]) -> list[Target]:
    """Return the endpoints that the cells of a row name, *method* and *path* where columns say what they are."""
    if path is None and method is not None:
        path = next((cell for cell in cells if cell != method and PATH_ALONE.match(cell.strip())), None)
    if method is None and path is not None and FULL.search(path) is None:
        method = next((cell for cell in cells if cell != path and cell.strip(' `*') in METHODS), None)
    if method is not None and path is not None:
        methods = split_methods(re.sub(r'\s*[/,\n]\s*', ', ', method.replace('`', '').strip(' *')))
        if methods and all(each in METHODS for each in methods):
            inside = FULL.search(path) or PATH_ALONE.search(path)
            written = inside['path'] if inside else None
            if written is None and re.fullmatch(r'[\w{}/.:<>-]+', path.replace('`', '').strip()):
                written = '/' + path.replace('`', '').strip()
            if written and '://' not in path:
                return [Target(methods=methods, path=clean_path(written), start=0, end=len(path))]
            return []
    if path is not None and (targets := targets_in(path, marked=True)):
        return targets
    if len(cells) > 1 and cells[0].replace('`', '').strip(' *') in METHODS:
        return targets_of_row(cells[0], cells[1], ())
    return next((targets for cell in cells if (targets := targets_in(cell, marked=True))), [])
