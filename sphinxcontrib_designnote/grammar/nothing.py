"""``None.`` and its relatives: a section that is empty on purpose."""

from __future__ import annotations

import re

from sphinxcontrib_designnote.grammar.blocks import unmarked
from sphinxcontrib_designnote.grammar.profile import Profile

_LIMIT = 600
#: ``No new feature flags required``: what there is none of, and that none is due.
_NO = re.compile(
    r'there (?:are|is) (?:currently )?none|we (?:do not|don.t|will not) (?:touch|change|alter|need|add)'
    r' (?:the |any |a )?(?:\w+ ){0,2}\w+|none (?:is |are )?(?:planned|needed|required|necessary|expected|so far'
    r'|yet|known|here|at all'
    r'|at the moment|for now|foreseen|introduced|at this time)|nothing (?:to do |to say |changes )?here'
    r'|nothing (?:breaks|is broken|to (?:migrate|back-?fill|convert|move))'
    r'|(?:nobody|no[ -]?one) (?:is|gets|will be) (?:broken|affected)(?: by (?:this|it))?'
    r'(?:,? as far as (?:I|we) (?:can tell|can see|know))?'
    r'|(?:there (?:are|is|will be) )?no (?:(?:new|further|additional|other|api|rest|http|database|db|schema|data|model'
    r'|backward|backwards|compatibility|known|code|public|external|existing|data model|audit|security'
    r'|special|direct|specific|planned|real|upgrade|deployer|user|performance|negative'
    r'|breaking|feature|rollout|deployment)[ /-]){0,3}'
    r'(?:changes?|impacts?|effects?|endpoints?|apis?|routes?|tables?|entit(?:y|ies)|columns?|models?|schemas?'
    r'|migrations?|flags?|toggles?|events?|interfaces?|implications?|considerations?|concerns?|steps?|breaks?'
    r'|breakages?|tests?|audit(?:ing)?|logging|touchpoints?|authorization|rollout|incompatibilit(?:y|ies)|issues?)'
    r'(?: (?:are|is|were|will be))?(?: (?:required|needed|necessary|planned|expected|introduced|made|added|involved'
    r'|anticipated|affected|foreseen|modified|changed|to the (?:api|schema|database|data model)|here|at all|at this'
    r' time'
    r'|(?:on|to|in|for|of) [^.;:,()]{1,60}'
    r'))*',
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
    said = ' '.join(unmarked(text[:_LIMIT]).split()).strip('*_ ')
    if not said:
        return '' if text.strip() in ('-', '–', '—') else None
    folded = said.casefold()
    if folded.startswith(profile.none):
        ends = [len(p) for p in profile.none if folded.startswith(p) and _ends(folded[len(p) :])]
    else:
        ends = []
    if ends:
        length = max(ends)
    elif (match := _NO.match(said)) is not None and _ends(said[match.end() :]):
        length = match.end()
    else:
        return None
    rest = said[length:]
    if _BUT.match(rest) or ((more := _MORE.match(rest.lstrip(' ,–—-'))) and not _is_reason(rest, more[0])):
        return None
    return rest.strip(' .,:;–—-()!')


def _is_reason(rest: str, first: str) -> bool:
    """Whether ``only`` behind a dash begins a reason, "only the worker changes", and names nothing that changes."""
    return first.casefold() == 'only' and rest.lstrip()[:1] in '–—-' and not ('`' in rest or '/' in rest)


def _ends(rest: str) -> bool:
    return _END.match(rest) is not None and not rest[:1].isalnum()
