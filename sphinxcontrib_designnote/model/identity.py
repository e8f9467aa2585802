"""When two names mean one thing.

Identity is natural: method and path for an endpoint, name for an entity or a flag (``vocabulary``). Keys are shown as
written; they are compared in the forms that this module gives.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

METHODS = ('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'WS', 'WEBSOCKET')
_SEPARATOR = r'(?:\s*[,|+&]\s*(?:(?:or|and)\s+)?|\s+(?:or|and)\s+)'
# The whole list of methods is bounded, so that no line, however long, is scanned twice.
_TARGET = re.compile(
    rf'(?P<methods>[A-Za-z]{{2,20}}(?:{_SEPARATOR}[A-Za-z]{{2,20}}){{0,8}})\s+(?P<path>/\S*)(?P<rest>.*)', re.DOTALL
)
_PARAMETER = re.compile(r'\{[^{}/]*\}|<[^<>/]*>|\[[^\[\]/]*\]|(?<=/):[A-Za-z_]\w*')
#: ``POST /x`` or a bare ``/x/y`` in running text.
ENDPOINT_MENTION = re.compile(
    rf'(?<![\w/.])(?:(?P<methods>(?:{"|".join(METHODS)})(?:{_SEPARATOR}(?:{"|".join(METHODS)})){{0,8}})`?\s+`?)?'
    r'(?P<path>(?<![\w/.:<>~])/\.?(?=[A-Za-z0-9_{<\[:~])(?:\{[^{}\s]{0,80}\}|[^\s`"\'()|,;\u2013-\u201f\u2026])*'
    r'|(?(methods)/(?=[\s`.,;)]|$)|(?!)))'
)
#: A literal in the place of a path parameter, as examples have it.
_ID_SEGMENT = re.compile(
    r'(?!v\d{1,3}(?:\.\d{1,3})?(?:(?:alpha|beta|rc)\d{0,3})?$)'
    r'(?:\d{1,40}|(?=[^\d]{0,60}\d)[0-9a-fA-F-]{6,100}|[A-Za-z]{1,20}[_-](?=[\w-]{0,60}\d)[\w-]{1,80}'
    r'|(?=(?:[^\d]{0,30}\d){3})[\w.-]{1,100})'
)
#: What an identifier is made of, and where a new part begins without a separator.
_PART = re.compile(r'[A-Z]*[a-z0-9]+|[A-Z]+')
_INNER_CAPITAL = re.compile(r'(?<=[a-z0-9])(?=[A-Z])')
#: ASCII, a space for what stands in no id. That and ``split`` take half as long as an expression.
_IN_SLUG = ''.join(chr(code) if chr(code).isalnum() else ' ' for code in range(128))
_SLUG_LENGTH = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class HttpTarget:
    """Methods and path, as one line names them."""

    #: Upper case, known ones and others alike, in the order written, each once.
    methods: tuple[str, ...]
    #: Those of *methods* that HTTP does not have.
    unknown: tuple[str, ...]
    #: Query and trailing slash dropped; a ``#operation`` stays.
    path: str
    #: What stands behind the path.
    rest: str


def http_target(text: str) -> HttpTarget | None:
    """Read ``METHOD[, METHOD] /path``; ``None`` where the text has not that form. Backticks do not count."""
    match = _TARGET.fullmatch(text.replace('`', '').strip())
    if match is None:
        return None
    methods = tuple(dict.fromkeys(m.upper() for m in re.split(_SEPARATOR, match['methods'])))
    return HttpTarget(
        methods=methods,
        unknown=tuple(m for m in methods if m not in METHODS),
        path=clean_path(match['path']),
        rest=match['rest'].strip(),
    )


def split_methods(text: str) -> tuple[str, ...]:
    """Split the methods of a mention: ``GET or HEAD``."""
    return tuple(dict.fromkeys(m.upper() for m in re.split(_SEPARATOR, text.strip())))


def clean_path(path: str) -> str:
    """Drop query and trailing slash; ``#operation`` stays."""
    path, hash_, operation = path.partition('#')
    path = path.partition('?')[0]
    return (path.rstrip('/') or '/') + (hash_ + operation if operation else '')


def unify_parameters(path: str) -> str:
    """Write every path parameter as ``{}``: ``{id}``, ``:id``, ``<id>`` and ``[id]`` are one."""
    return _PARAMETER.sub('{}', path) if any(c in path for c in '{<[:') else path


def without_ids(path: str) -> str:
    """Write each segment that looks like an id (``42``, ``wh_1``, a UUID) as a parameter; a version is none."""
    return '/'.join('{}' if _ID_SEGMENT.fullmatch(segment) else segment for segment in path.split('/'))


def endpoint_identity(method: str | None, path: str, base_path: str = '') -> str:
    """Return the form in which endpoints are compared: upper case, base path put before, parameters unified."""
    base, path = unify_parameters(base_path.rstrip('/')), unify_parameters(path)
    # A path that shares the first segment is written in full: '/api/v2/x' never means '/api/v1/api/v2/x'.
    if base and path[1:].partition('/')[0] != base[1:].partition('/')[0]:
        path = base + (path[1:] if path == '/' or path.startswith('/#') else path)
    method = 'WS' if method == 'WEBSOCKET' else method
    return f'{method or "*"} {path}'


def entity_identity(name: str, aliases: Mapping[str, str]) -> str:
    """Return the form in which entities are compared: no word ``table``, case folded, aliases followed once.

    :param aliases: folded name to folded name.
    """
    folded = ' '.join(name.split()).casefold()
    folded = folded.removesuffix(' table').removeprefix('table ')
    return aliases.get(folded, folded)


def name_identity(name: str) -> str:
    """Return the form in which names and titles are compared: white space folded, code marks dropped."""
    return ' '.join(name.replace('`', '').split())


def slug(text: str) -> str:
    """Return *text* as an HTML id: ``[a-z0-9-]``, at most 80 characters.

    Where letters are lost (another script, or too long) six digits of a hash keep two texts apart.
    """
    start = text[:1000]
    ascii_text = start if start.isascii() else ''.join(map(_ascii, unicodedata.normalize('NFKD', start)))
    result = '-'.join(ascii_text.lower().translate(_IN_SLUG).split())
    lost = len(text) > 1000 or len(result) > _SLUG_LENGTH
    lost = lost or (not start.isascii() and any(ord(c) > 0x24F and c.isalnum() for c in start))
    if lost or not result:
        digest = hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:6]
        result = f'{result[: _SLUG_LENGTH - 7].rstrip("-")}-{digest}'.lstrip('-')
    return result


def _ascii(character: str) -> str:
    """Drop an accent or a letter of another script; any other mark separates."""
    if character.isascii():
        return character
    return '' if character.isalnum() or unicodedata.combining(character) else '-'


def stem(word: str) -> str:
    """Drop plural and tense, roughly: ``orders`` is ``order``, ``cancelled`` and ``cancel`` are one."""
    word = word.removesuffix('s') if len(word) > 3 else word
    if word.endswith('ed') and len(word) > 4:
        word = word[:-2]
        word = word[:-1] if word[-1] == word[-2] else word
    return word.removesuffix('e') if len(word) > 3 else word


def words_of(name: str) -> tuple[str, ...]:
    """Split an identifier into folded words at separators and inner capitals: ``autoConfig`` is ``auto config``."""
    name = name[:500]
    if not name.isascii():  # letters are folded first: "ß" is "ss"
        name = _INNER_CAPITAL.sub(' ', name).casefold()
    return tuple(map(str.lower, _PART.findall(name)))
