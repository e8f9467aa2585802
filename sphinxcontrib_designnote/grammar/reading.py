"""What has been read of a plain note so far, and what the readers of all kinds share.

A reader of a kind is handed a block and its context, and says whether the block states an item. What no reader takes is
prose, or is reported (DN108): nothing gets lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sphinxcontrib_designnote.diagnostics import Problem, quote
from sphinxcontrib_designnote.grammar.blocks import LIMIT, Block, Form, texts, unmarked
from sphinxcontrib_designnote.grammar.changes import change_in, spelled_change
from sphinxcontrib_designnote.grammar.profile import Carrier, Profile, Section
from sphinxcontrib_designnote.model.drafts import SAYS_NOTHING, Draft, read_drafts
from sphinxcontrib_designnote.model.identity import entity_identity
from sphinxcontrib_designnote.model.schema import Kind, Option, ValueType
from sphinxcontrib_designnote.model.values import Argument, read_date, read_value, split_names

# Possessive: what separates takes no space back, or a run of n of them would cost n squared.
_PAIR = re.compile(
    r'\s*(?P<mark>[`"]?)(?P<key>[^\W\d_][\w /?-]{0,50}?)'
    r'(?=[`"]?\s*+[(:–—=-])'  # says nothing that what follows does not say, and is asked behind each letter of the key
    r'(?P=mark)\s*+(?:\([^()]{0,40}\)\s*+)?'
    r'(?::(?:\s+|$)|(?<=\s)[–—=-]\s+)(?P<value>.*)',
    re.DOTALL,
)
_DATE = re.compile(r'(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)')
_FIRST_WORD = re.compile(r'[\w%-]+')
_CARRIERS: Mapping[Form, Carrier] = {
    Form.HEADING: Carrier.HEADINGS,
    Form.BOLD: Carrier.BOLD,
    Form.PARAGRAPH: Carrier.PROSE,
    Form.BULLET: Carrier.BULLETS,
    Form.STEP: Carrier.STEPS,
    Form.FIELD: Carrier.FIELDS,
    Form.TABLE: Carrier.TABLES,
    Form.ROW: Carrier.TABLES,
    Form.CODE: Carrier.CODE,
}


def _form(kind: str, name: str) -> str:
    return entity_identity(name, {}) if kind == 'entity' else name


@dataclass(kw_only=True, slots=True)
class Reading:
    """Collects what a page states. Mutable; lives while its page is read."""

    kinds: Mapping[str, Kind]
    profile: Profile
    #: Each item with the block that states it, in page order.
    found: list[tuple[Draft, Block]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Slot to what its section says in prose.
    prose: dict[str, list[str]] = field(default_factory=dict)
    base_path: str = ''
    #: What the page's directives state.
    stated: Sequence[Draft] = ()
    #: Directives that state what belongs in another section, with the heading of the one in which they stand.
    misplaced: list[tuple[Block, str]] = field(default_factory=list)
    #: How many blocks readers have taken, as items or as a part of one.
    taken: int = 0
    #: Slot to the kinds that fill it, in the order of the vocabulary.
    filled_by: Mapping[str, tuple[Kind, ...]] = field(init=False)
    #: Kind, and kind and name, to the place in *found* of the last such item, lest each item search the whole page.
    _last: dict[str | tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        filled_by: dict[str, tuple[Kind, ...]] = {}
        for kind in self.kinds.values():
            for slot in dict.fromkeys(kind.slots.values()):
                filled_by[slot] = (*filled_by.get(slot, ()), kind)
        self.filled_by = filled_by

    def add(
        self,
        kind: str,
        argument: str | Argument,
        block: Block,
        *,
        options: Mapping[str, str] | None = None,
        change: str | None = None,
        parent: Draft | None = None,
    ) -> list[Draft]:
        """Add what *block* states, in the words of the directive that would say the same.

        :param argument: the directive's; already read where it has a form that a directive refuses.
        :param change: one of the words of :func:`change_in`; spelled as the kind does.
        :return: one draft, or several where the argument names several things.
        """
        declared = self.kinds[kind]
        written = {name: (value, block.line) for name, value in options.items()} if options else {}
        if isinstance(argument, Argument):
            drafts = [Draft(kind=declared, argument=argument, location=block.location, fields=dict(argument.fields))]
            for name, (value, line) in written.items():
                drafts[0].set_option(name, value, line)
        else:
            drafts = read_drafts(declared, argument, written, block.location, parent=parent)
        spelled = spelled_change(declared, change)
        for draft in drafts:
            draft.origin, draft.parent = 'template', parent
            if spelled is not None:
                draft.stated.setdefault('change', spelled)
            self._last[kind] = self._last[kind, _form(kind, draft.argument.key)] = len(self.found)
            self.found.append((draft, block))
        return drafts

    def last(self, kind: str, name: str | None = None, start: int = 0) -> list[Draft]:
        """Return the item of *kind*, and of *name*, that was read last; none where *found* has none from *start* on."""
        at = self._last.get(kind if name is None else (kind, _form(kind, name)), -1)
        return [self.found[at][0]] if at >= start else []

    def report_unread(self, block: Block, hint: str) -> None:
        """Report what could not be turned into an item (DN108)."""
        text = ' | '.join(block.cells) if block.form is Form.ROW else block.text
        message = f'{quote(text) if text.strip() else "what has no text"} could not be read; {hint}'
        self.problems.append(Problem(code='DN108', message=message, location=block.location))


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """Where a block stands."""

    reading: Reading
    section: Section
    #: What the words above say that happens to what stands here: new, changed, deprecated, removed, existing.
    change: str | None = None
    #: Headings, lines in bold and lead-ins above it within its section, outermost first.
    labels: tuple[str, ...] = ()
    #: The item in whose details it stands.
    owner: Draft | None = None
    #: How many items had been read before its section.
    start: int = 0

    @property
    def is_mixed(self) -> bool:
        """Whether things of several kinds stand in its section."""
        filled = (self.reading.filled_by.get(slot, ()) for slot in self.section.slots)
        return len({kind.name for kinds in filled for kind in kinds[:1]}) > 1

    def reads(self, form: Form) -> bool:
        """Whether the profile has items read from blocks of this form; a paragraph may always be a ``Key: value``."""
        return _CARRIERS[form] in self.section.carriers or form is Form.PARAGRAPH

    @property
    def reads_prose(self) -> bool:
        """Whether any paragraph is a statement."""
        return Carrier.PROSE in self.section.carriers

    def below(self, label: str) -> Context:
        """Return the context of what *label* stands above."""
        return Context(  # several times as fast as dataclasses.replace
            reading=self.reading,
            section=self.section,
            change=change_in(label) or self.change,
            labels=(*self.labels, label),
            owner=self.owner,
            start=self.start,
        )

    def last(self, kind: str, name: str | None = None) -> list[Draft]:
        """Return the item of *kind*, and of *name*, that its section has stated last; none where it has none."""
        return self.reading.last(kind, name, self.start)

    def keep_prose(self, block: Block) -> None:
        """Keep the text of *block* and all in it as the section's."""
        self.reading.prose.setdefault(self.section.slots[0], []).extend(texts((block,)))


Reader = Callable[[Block, Context], bool]


def pair_of(text: str) -> tuple[str, str] | None:
    """Read ``Key: value``; the key folded, without code marks and parentheses."""
    match = _PAIR.match(unmarked(text))
    return (' '.join(match['key'].casefold().split()), match['value'].strip()) if match else None


def sentences(text: str) -> list[str]:
    """Split prose at full stops, roughly; line breaks do not count."""
    return [s for s in re.split(r'(?<=[.!?;])\s+(?=[^\sa-z])', ' '.join(text.split())) if s]


def title_of(text: str) -> tuple[str, str]:
    """Split a statement into a title, its first sentence, and the rest."""
    first, *rest = sentences(text) or ['']
    title = first.rstrip('.;:').strip()
    return (title, ' '.join(rest)) if len(title) <= 160 else (title[:160].rsplit(' ', 1)[0], ' '.join((first, *rest)))


def value_for(option: Option, written: str) -> str | None:
    """Return what of *written* is a value of *option*; ``None`` where it is better taken for text.

    A date or the first word may be followed by an explanation. A single wrong word is returned as it is: that is a
    mistake to report, a sentence is not.
    """
    if option.type is ValueType.REFERENCES:
        return written if written and all(map(_may_be_name, split_names(written))) else None
    if option.type in (ValueType.TEXT, ValueType.CODE, ValueType.NAMES, ValueType.STATE):
        return written or None
    if not written or read_value(option, written)[1] is None:
        return written or None
    if option.type in (ValueType.DATE, ValueType.DONE):
        date = _DATE.search(written[:LIMIT])
        return date[0] if date and read_date(date[0]) else written if len(written) < 40 else None
    word = _FIRST_WORD.search(written.replace('`', '')[:LIMIT])
    if word and read_value(option, word[0])[1] is None:
        return word[0]
    return written if len(written.split()) == 1 and option.name != 'change' else None


#: How a remark begins that is no name of anything: ``Runs: about 40 seconds``.
_REMARK = re.compile(
    r'(?:about|around|roughly|no|not|none|nothing|only|every|each|until|after|before|once|when|if|as|in|on|at|by|for|with)\b',
    re.IGNORECASE,
)


def _may_be_name(text: str) -> bool:
    """Whether an entry of a list may name an item, which plain words rarely do."""
    return '`' in text or (len(text.split()) <= 8 and _REMARK.match(text) is None)


def take_option(drafts: Sequence[Draft], block: Block) -> bool:
    """Read a detail ``Key: value`` as an option of *drafts*; the lists and code below an empty value are its value.

    A dash for a value says that nothing is said, whatever the item's own words seem to say.
    """
    pair = pair_of(block.text)
    if pair is None or not drafts:
        return False
    option = drafts[0].kind.option_called(pair[0])
    if option is None:
        return False
    if pair[1] in SAYS_NOTHING and not block.children:
        for draft in drafts:
            draft.leave_out(option, block.line)
        return True
    value = '\n'.join((*((pair[1],) if pair[1] else ()), *texts(block.children)))
    return set_option(drafts, option, value, block.line)


def set_option(drafts: Sequence[Draft], option: Option, written: str, line: int) -> bool:
    """Set *option* of *drafts* that do not have it yet; whether *written* was taken for its value.

    A detail counts for more than what was read from the words of the item's own line, which stay its title or text; a
    text that stands on that line is nowhere else, and stays.
    """
    value = value_for(option, written.strip())
    if value is None:
        return False
    taken = False
    for draft in drafts[:1] if option.name == 'id' else drafts:
        at = draft.lines.get(option.key)
        if at is None or (at == draft.location.line != line and option.type is not ValueType.TEXT):
            draft.set_option(option.name, value, line)
            taken = True
    return taken


_IN_PARENTHESES = re.compile(r'\s*\((?P<inside>[^()]{3,200})\)')


def take_remarks(drafts: Sequence[Draft], text: str, line: int) -> str:
    """Read ``(auth: editor)`` and the sentence ``Owner: payments.`` of an item's own line as options; return the rest.

    Only an option's own name counts: what else a detail may begin with also begins sentences.
    """
    if ':' not in text:
        return text

    def is_taken(remark: str) -> bool:
        pair = pair_of(remark)
        option = drafts[0].kind.options.get(pair[0].replace(' ', '-')) if pair and pair[1] else None
        return option is not None and pair is not None and set_option(drafts, option, pair[1].rstrip('.'), line)

    def without_taken(match: re.Match[str]) -> str:
        kept = [remark for remark in split_names(match['inside'].replace(';', ',')) if not is_taken(remark)]
        return f' ({", ".join(kept)})' if kept else ''

    text = _IN_PARENTHESES.sub(without_taken, text[:LIMIT]) + text[LIMIT:]
    return ' '.join(each for each in sentences(text) if not is_taken(each)) if ':' in text else text


def add_text(drafts: Iterable[Draft], parts: Iterable[str], line: int) -> None:
    """Add text to the bodies of *drafts*."""
    text = '\n'.join(part for part in parts if part.strip())
    for draft in drafts if text else ():
        draft.body = f'{draft.body}\n{text}' if draft.body else text
        draft.lines.setdefault('body', line)
