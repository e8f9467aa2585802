"""Text of reStructuredText as text of MyST."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(
    r'(?P<escape>\\(?P<escaped>[\s\S]))'
    r'|(?<![\w`])``(?P<literal>(?:[^`]|`(?!`))+?)``(?!\w)'
    r'|(?<![\w:]):(?P<role>[A-Za-z][\w:.+-]*):`(?P<role_text>(?:[^`\\]|\\.)+)`'
    r'|(?<![\w`])`(?P<post_text>(?:[^`\\]|\\.)+)`:(?P<post_role>[A-Za-z][\w:.+-]*):'
    r'|(?<![\w`])`(?P<link>(?:[^`\\]|\\.)+?)\s*<(?P<url>[^<>`]+)>`__?(?!\w)'
    r'|(?<![\w`])`(?P<name>(?:[^`\\]|\\.)+)`__?(?!\w)'
    r'|(?<![\w`])`(?P<interpreted>(?:[^`\\]|\\.)+)`(?!\w)'
    r'|(?<![\w*])\*\*(?P<strong>\S(?:[^*]|\*(?!\*))*?)(?<=\S)\*\*(?![\w*])'
    r'|(?<![\w*])\*(?P<em>[^\s*](?:[^*]*[^\s*])?)\*(?![\w*])'
    r'|(?<!\w)\[(?P<foot>#?[\w-]+)\]_(?!\w)'
    r'|(?<![\w_])(?P<bare>[A-Za-z][\w.+-]*[A-Za-z0-9])__?(?![\w_])'
    r'|(?P<url_alone>https?://[^\s<>`]*[^\s<>`.,;:!?)\'"])'
)
_SPECIAL = re.compile(r'([\\`*<\[\]]|_(?![A-Za-z0-9])|(?<![A-Za-z0-9])_|>(?=\s|$)|~(?=~)|&(?=[#\w]+;))')
_ROLE = re.compile(r'\{(?=[\w:.+-]+\}$)')
_BLOCK = re.compile(
    r'(?:[-+](?=\s|$)|#{1,6}(?=\s|$)|>|=+\s*$|-+\s*$|%|\+\+\+|\|)|(?P<number>\d{1,9})(?P<dot>[.)])(?=\s|$)'
)


def markdown_lines(text: str, urls: Mapping[str, str]) -> list[str]:
    """Return the lines of a paragraph.

    :param urls: where the links go that the page defines by name, folded.
    """
    written = _inline(text, urls)
    lines = [line.strip() for line in written.split('\n')]
    return [_no_block(line) for line in lines if line] or ['']


def _no_block(line: str) -> str:
    match = _BLOCK.match(line)
    if match is None:
        return line
    return f'{match["number"]}\\{line[match.end("number") :]}' if match['number'] else f'\\{line}'


def _inline(text: str, urls: Mapping[str, str]) -> str:
    result, at = '', 0
    for match in _TOKEN.finditer(text):
        result += _escaped(text[at : match.start()])
        piece = _token(match, urls)
        if piece.startswith('`'):
            result = _ROLE.sub(r'\\{', result)
        result += piece
        at = match.end()
    return result + _escaped(text[at:])


def _token(match: re.Match[str], urls: Mapping[str, str]) -> str:
    kind = match.lastgroup or ''
    if match['escape'] is not None:
        return '' if match['escaped'].isspace() else _always(match['escaped'])
    if match['literal'] is not None:
        return _code(match['literal'])
    if match['role'] is not None:
        return _role(match['role'], match['role_text'])
    if match['post_role'] is not None:
        return _role(match['post_role'], match['post_text'])
    if match['url'] is not None:
        return f'[{_inline(match["link"], urls)}]({match["url"]})'
    if match['name'] is not None or match['bare'] is not None:
        return _reference(match['name'] or match['bare'], match[0], urls)
    if match['interpreted'] is not None:
        return f'*{_escaped(match["interpreted"])}*'
    if match['strong'] is not None:
        return f'**{_in_strong(match["strong"])}**'
    if match['em'] is not None:
        return f'*{_escaped(match["em"])}*'
    if match['foot'] is not None:
        return f'[^{match["foot"].lstrip("#")}]'
    return match['url_alone'] if kind else match[0]


def _in_strong(text: str) -> str:
    """Write words in bold: literals in them are text to reST, and meant as code by those who write them."""
    parts = re.split(r'``([^`]+)``', text)
    return ''.join(_code(part) if number % 2 else _escaped(part) for number, part in enumerate(parts))


def _code(text: str) -> str:
    runs = [len(run) for run in re.findall(r'`+', text)]
    fence = '`' * (1 if not runs else max(runs) + 1)
    pad = ' ' if text.startswith('`') or text.endswith('`') else ''
    return f'{fence}{pad}{text}{pad}{fence}'


def _role(name: str, text: str) -> str:
    return f'{{{name}}}`{text}`'


def _reference(name: str, written: str, urls: Mapping[str, str]) -> str:
    text, _, alias = name.partition(' <')
    folded = ' '.join((alias.rstrip('_>') or text).casefold().split())
    if folded in urls:
        return f'[{_escaped(text)}]({urls[folded]})'
    return f'[{_escaped(text)}](#{folded.replace(" ", "-")})' if '`' in written else _escaped(written)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r'\\\1', text)


def _always(character: str) -> str:
    return f'\\{character}' if re.match(r'[\\`*_{}\[\]()#+\-.!<>|~$&:]', character) else character
