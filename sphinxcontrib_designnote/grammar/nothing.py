"""``None.`` and its relatives: a section that is empty on purpose."""

from __future__ import annotations

import re

from sphinxcontrib_designnote.grammar.blocks import unmarked
from sphinxcontrib_designnote.grammar.profile import Profile

_LIMIT = 600
#: ``No new feature flags required``: what there is none of, and that none is due.
_NO = re.compile(
    r'(?:there (?:are|is|will be) )?no (?:(?:new|further|additional|other|api|rest|http|database|db|schema|data|model'
    r'|backward|backwards|known|code|public|external|existing|data model|audit|security|special|direct|specific'
    r'|breaking|feature|rollout|deployment)[ /-]){0,3}'
    r'(?:changes?|impacts?|effects?|endpoints?|apis?|routes?|tables?|entit(?:y|ies)|columns?|models?|schemas?'
    r'|migrations?|flags?|toggles?|events?|interfaces?|implications?|considerations?|concerns?|steps?|breaks?'
    r'|breakages?|tests?|audit(?:ing)?|logging|touchpoints?|authorization|rollout|incompatibilit(?:y|ies)|issues?)'
    r'(?: (?:are|is|were|will be))?(?: (?:required|needed|necessary|planned|expected|introduced|made|added|involved'
    r'|anticipated|affected|foreseen|modified|changed|to the (?:api|schema|database|data model)|here|at all|at this'
    r' time'
    r'|for this (?:change|feature)|in this (?:change|note|release|phase)))*',
    re.IGNORECASE,
)
#: What may follow: the end, a mark, a word that begins a reason; but not ``None, besides ...``.
_END = re.compile(r'\s*(?:$|[.:;–—(!]|-\s|,(?!\s*(?:but|except|besides|apart|other than|aside|save|only))'
                  r'|\b(?:because|since|as|for)\b)', re.IGNORECASE)  # fmt: skip
_MORE = re.compile(
    r'(?:besides|except|apart from|other than|aside from|but|save for|only|beyond|however)\b', re.IGNORECASE
)
_BUT = re.compile(
    r'^[^.;]{0,80}[,;—–-]\s*(?:but|however|except|besides|apart from|other than|although)\b', re.IGNORECASE
)


def reason_of_none(text: str, profile: Profile) -> str | None:
    """Return the reason behind a None, empty where there is none; ``None`` where the text says something else.

    "None, besides ..." and "no schema changes, but this adds ..." are something else.
    """
    said = ' '.join(unmarked(text)[:_LIMIT].split()).strip('*_ ')
    if not said or said in ('-', '–', '—'):
        return '' if said else None
    folded = said.casefold()
    phrase = next(
        (p for p in sorted(profile.none, key=len, reverse=True) if folded.startswith(p) and _ends(folded[len(p) :])),
        None,
    )
    if phrase is not None:
        length = len(phrase)
    elif (match := _NO.match(said)) is not None and _ends(said[match.end() :]):
        length = match.end()
    else:
        return None
    rest = said[length:]
    if _MORE.match(rest.lstrip(' ,–—-')) or _BUT.match(rest):
        return None
    return rest.strip(' .,:;–—-()!')


def _ends(rest: str) -> bool:
    return _END.match(rest) is not None and not rest[:1].isalnum()
