"""Text of MyST as text of reStructuredText."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

_SPECIAL = re.compile(r'([\\*|`]|_(?![A-Za-z0-9])|(?<![A-Za-z0-9])_)')
_BLOCK = re.compile(
    r'(?:[-*+•]|\d+[.)]|#\.|[A-Za-z][.)]|\.\.|\||>>>|__)(?:\s|$)|:[^:\s][^:]*:(?:\s|$)|[=\-~^"\'#*+`]{4,}$'
)


class InlineMarkdown:
    """Writes paragraphs; *untranslated* gains what has no words."""

    def __init__(self, untranslated: list[str]) -> None:
        self._untranslated = untranslated
        #: Blocks that must follow the paragraph: comments that stood in it, pictures.
        self._after: list[str] = []

    def lines(self, text: str) -> list[str]:
        """Return the lines of a paragraph."""
        tokens = _parser().parseInline(text)
        children = tokens[0].children or [] if tokens else []
        written = self._written(children, plain=False)
        lines = written.split('\n')
        lines = [line.strip() for line in lines]
        lines = [f'\\{line}' if _BLOCK.match(line) else line for line in lines]
        if lines[-1].endswith('::'):
            lines[-1] = lines[-1][:-2] + '\\::'
        return [line for line in lines if line] or ['']

    def taken_after(self) -> list[str]:
        """Return, once, what must stand behind the last paragraph."""
        after, self._after = self._after, []
        return after

    def _written(self, tokens: Sequence[Token], *, plain: bool) -> str:
        """Write *tokens*; with *plain* they stand in other markup, where reST has no more."""
        result, at = '', 0
        while at < len(tokens):
            token = tokens[at]
            if token.nesting > 0:
                end = _closing(tokens, at)
                result = _beside(result, self._nested(token, tokens[at + 1 : end], plain=plain))
                at = end + 1
                continue
            is_markup, piece = self._single(token, plain=plain)
            result = _beside(result, piece) if is_markup else _text_beside(result, piece)
            at += 1
        return result

    def _single(self, token: Token, *, plain: bool) -> tuple[bool, str]:
        """Return whether a token is markup, and the token as written."""
        if token.type in ('text', 'text_special'):
            return False, _SPECIAL.sub(r'\\\1', token.content)
        if token.type in ('softbreak', 'hardbreak'):
            return False, '\n'
        if token.type == 'code_inline':
            return not plain, f'``{token.content}``'
        if token.type == 'myst_role':
            return True, f':{token.meta["name"]}:`{token.content}`'
        if token.type == 'html_inline' and token.content.startswith('<!--'):
            self._after += (
                ['', f'.. {token.content[4:-3].strip()}'] if self._after else [f'.. {token.content[4:-3].strip()}']
            )
            return False, ''
        if token.type == 'image':
            name = token.content or str(token.attrs.get('src', 'image'))
            self._after += [f'.. |{name}| image:: {token.attrs.get("src", "")}']
            return True, f'|{name}|'
        if token.type == 'footnote_ref':
            return True, f'[#{token.meta.get("label", "")}]_'
        if token.type == 'math_inline':
            return True, f':math:`{token.content}`'
        self._untranslated.append(token.content[:80])
        return True, f'``{token.content}``'

    def _nested(self, token: Token, inside: Sequence[Token], *, plain: bool) -> str:
        mark = {'strong_open': '**', 'em_open': '*'}.get(token.type)
        if mark:
            text = self._written(inside, plain=True)
            return text if plain or not text.strip() else f'{mark}{text}{mark}'
        if token.type == 'link_open':
            return self._link(str(token.attrs.get('href', '')), inside, plain=plain)
        return self._written(inside, plain=plain)

    def _link(self, href: str, inside: Sequence[Token], *, plain: bool) -> str:
        text = self._written(inside, plain=True)
        target = href.removesuffix('.md').removesuffix('.rst')
        if not text or text.replace('\\', '') == href:
            return href
        if plain or '``' in text:
            return f'{text} ({href})'
        if href.startswith('#'):
            return f':ref:`{text} <{href[1:]}>`'
        if '://' not in href and not href.startswith('mailto:') and target != href:
            return f':doc:`{text} <{target}>`'
        return f'`{text} <{href}>`__'


def _beside(before: str, markup: str) -> str:
    """Put *markup* behind *before*: it must not touch a word."""
    touches = before[-1:] and not (before[-1].isspace() or before[-1] in '([{<-/:\'"')
    return f'{before}\\ {markup}' if touches and markup else before + markup


def _text_beside(before: str, text: str) -> str:
    is_markup = before[-1:] in ('`', '*', '_', '|') and not before.endswith('\\' + before[-1:])
    touches = text[:1] and not (text[0].isspace() or text[0] in '\')]}>-/:".,;!?\\')
    return f'{before}\\ {text}' if is_markup and touches else before + text


def _closing(tokens: Sequence[Token], at: int) -> int:
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].nesting
        if depth == 0:
            return index
    return len(tokens) - 1


@functools.cache
def _parser() -> MarkdownIt:
    return create_md_parser(MdParserConfig(), RendererHTML)
