"""From plain words to directives: where a block states an item, a directive takes its lines; all else stays.

Which words of a block have become options is the reader's to know. What is left of them is the body, as it stands in
the source; where the reader dropped a word or a link, all of the author's sentence is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from sphinxcontrib_designnote.convert.edits import Edit
from sphinxcontrib_designnote.convert.index import PageIndex
from sphinxcontrib_designnote.convert.pieces import Form, Piece
from sphinxcontrib_designnote.convert.rows import rows_of_table
from sphinxcontrib_designnote.convert.snapshot import Snapshot, Statement
from sphinxcontrib_designnote.convert.stating import argument_of, directive_of, is_read_alike, same_but_for_method
from sphinxcontrib_designnote.convert.words import is_consumed, is_target, left_over, lost_words, squash
from sphinxcontrib_designnote.convert.writing import CannotWriteError, Directive, lines_of
from sphinxcontrib_designnote.grammar.blocks import Block, texts
from sphinxcontrib_designnote.model.schema import NO_IMPACT, ArgumentType, Identity


@dataclass(kw_only=True, slots=True)
class _Unit:
    """Neighbouring pieces that become directives together, or stay as they are."""

    pieces: list[Piece]
    directives: list[Directive] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    #: Column in which it stands: inside an entry of a list.
    column: int = 0
    #: Lines that stay above the directives: a heading.
    above: list[str] = field(default_factory=list)
    #: The source stays below the directives, which say the same: not all of it could be moved.
    keeps_source: bool = False


def to_directives(snapshot: Snapshot, kept: frozenset[int] = frozenset()) -> list[Edit]:
    """Return what to replace in the source of a plain note.

    :param kept: 0-based lines of blocks that must stay as they are.
    """
    return _Converter(snapshot, kept).edits()


class _Converter:
    """Goes through the pieces of a page, section by section."""

    def __init__(self, snapshot: Snapshot, kept: frozenset[int]) -> None:
        self.snapshot = snapshot
        self.lines = snapshot.lines
        self.kept = kept
        self.index = PageIndex(snapshot)
        #: Draft, by its identity in memory, to the directive into which its parts may still be put.
        self.made: dict[int, Directive] = {}

    # --- Sections

    def edits(self) -> list[Edit]:
        """Return the edits, in page order."""
        return [edit for unit in self._units(self.snapshot.pieces, 0) for edit in self._edits_of(unit)]

    def _edits_of(self, unit: _Unit) -> Iterator[Edit]:
        if any(line in self.kept for piece in unit.pieces for line in range(piece.start, piece.end)):
            return
        first, *others = unit.pieces
        try:
            lines = self._lines_of(unit)
        except CannotWriteError:
            return
        yield Edit(start=first.start, end=first.end, lines=tuple(lines))
        yield from (Edit(start=piece.start, end=piece.end, lines=()) for piece in others)

    def _lines_of(self, unit: _Unit) -> list[str]:
        lines = list(unit.above)
        for directive in unit.directives:
            written = lines_of(directive, markdown=self.snapshot.markdown, prefixed=self.snapshot.prefixed)
            written = [' ' * unit.column + line if line else '' for line in written]
            lines += ['', *written] if lines else written
        if unit.keeps_source:
            for piece in unit.pieces:
                lines += ['', *self.lines[piece.start : piece.end]]
        return lines

    def _units(self, pieces: Sequence[Piece], column: int) -> Iterator[_Unit]:
        #: Those of the section, the last one last.
        units: list[_Unit] = []
        above: Piece | None = None
        for piece in self._atoms(pieces):
            inside = self.index.inside(piece)
            if piece.form is Form.HEADING:
                yield from units
                self.made.clear()
                units = self._begun(piece, inside, column) if inside else []
            elif not inside:
                if (unit := next((u for u in reversed(units) if self._belongs(piece, u)), None)) is not None:
                    self._attach(piece, unit)
            elif units and self._is_part(inside):
                self._attach(piece, self._unit_of(inside, units))
            elif piece.form is Form.ENTRY and not self.index.own(piece):  # a label above others
                yield from units
                self.made.clear()
                yield from self._units(piece.children, piece.column)
                self.made.clear()
                units = []
            else:
                begun = self._begun(piece, inside, column)
                if begun and above is not None and all(above not in unit.pieces for unit in units):
                    self._announce(begun[0], piece, above)
                units += begun
            above = piece
        yield from units

    def _announce(self, unit: _Unit, piece: Piece, above: Piece) -> None:
        """Let the paragraph whose ``::`` announces a literal block announce directives."""
        if self.snapshot.markdown or piece.form is not Form.CODE or piece.name or above.form is not Form.PARAGRAPH:
            return
        if not self.index.inside(above) and self.lines[above.end - 1].endswith('::'):
            unit.pieces[0] = replace(piece, start=above.start)
            unit.above = self.lines[above.start : above.end]
            unit.above[-1] = unit.above[-1][:-1]

    def _unit_of(self, inside: Sequence[Statement], units: Sequence[_Unit]) -> _Unit:
        """Return the unit into which parts go: that of their owner, else the last one."""
        owners = [self.made.get(id(statement.draft.parent)) for statement in inside]
        return next((unit for unit in units if any(owner in unit.directives for owner in owners)), units[-1])

    def _atoms(self, pieces: Sequence[Piece]) -> Iterator[Piece]:
        """Yield the pieces of a section, of lists their entries."""
        for piece in pieces:
            if piece.form is Form.LIST:
                yield from piece.children
            else:
                yield piece

    def _is_part(self, inside: Sequence[Statement]) -> bool:
        own = self.made.keys() | {id(statement.draft) for statement in inside}
        return all(statement.draft.parent is not None and id(statement.draft.parent) in own for statement in inside)

    def _belongs(self, piece: Piece, unit: _Unit) -> bool:
        """Whether the reader took the words of *piece* for what an item of *unit* says."""
        if piece.form is Form.COMMENT:
            return self._is_ignore(piece, unit)
        if piece.form in (Form.TARGET, Form.DIRECTIVE, Form.FRONT_MATTER):
            return False
        if any(piece.start <= line < piece.end for line in self.index.unread):
            return False
        return any(self._is_of(statement, piece) for statement in reversed(unit.statements))

    def _is_ignore(self, piece: Piece, unit: _Unit) -> bool:
        """Whether *piece* is a comment, and but one, that the option ``ignore`` of an item of *unit* repeats."""
        lines = {each.location.line - 1 for statement in unit.statements for each in statement.draft.ignore}
        is_one = ''.join(self.lines[piece.start : piece.end]).count('<!--') < 2
        return piece.form is Form.COMMENT and is_one and any(piece.start <= line < piece.end for line in lines)

    def _is_of(self, statement: Statement, piece: Piece) -> bool:
        draft = statement.draft
        if any(piece.start <= line - 1 < piece.end and line - 1 != statement.line for line in draft.lines.values()):
            return True
        block = self.index.block_of(piece)
        if block is not None and is_target(block, draft):
            return True
        if block is None or not draft.body:
            return False
        body = squash(draft.body)
        said = [block.text] if piece.form is Form.PARAGRAPH else [text for text in texts((block,)) if text.strip()]
        return bool(said) and all(squash(text).rstrip(' .;:') in body for text in said)

    # --- Units

    def _begun(self, piece: Piece, inside: Sequence[Statement], column: int) -> list[_Unit]:
        """Return a new unit; none where the piece has no form that could be replaced."""
        unit = _Unit(pieces=[piece], statements=list(inside), column=column)
        if piece.form in (Form.OTHER, Form.DIRECTIVE):
            return []
        try:
            for statement in inside:
                self._continue(statement, inside, unit)
            if piece.form is Form.HEADING:
                unit.above = self.lines[piece.start : piece.end]
                self._state(self.index.own(piece), [], [], unit, None)
            else:
                self._take(piece, unit, None)
        except CannotWriteError:
            for statement in inside:
                self.made.pop(id(statement.draft), None)
            return []
        return [unit]

    def _continue(self, statement: Statement, inside: Sequence[Statement], unit: _Unit) -> None:
        """Begin the directive of an owner that stands further up once more: a rollout goes on below a next heading."""
        parent = statement.draft.parent
        if parent is None or id(parent) in self.made or any(parent is each.draft for each in inside):
            return
        if not parent.kind.parts or parent.kind.identity is not Identity.NOTE:
            raise CannotWriteError('its owner stands elsewhere')
        self.made[id(parent)] = Directive(kind=parent.kind, argument=argument_of(parent))
        unit.directives.append(self.made[id(parent)])

    def _attach(self, piece: Piece, unit: _Unit) -> None:
        """Move *piece* into the unit; should that fail, all of the unit stays as it is."""
        unit.pieces.append(piece)
        statements = self.index.inside(piece)
        unit.statements += statements
        owner = self._owner_of(piece, unit)
        try:
            self._take(piece, unit, owner)
        except CannotWriteError:
            unit.directives = []
            unit.keeps_source = True
            self.kept |= {piece.start}

    def _owner_of(self, piece: Piece, unit: _Unit) -> Directive | None:
        """Return the directive into which a piece without items goes: the one whose item has its words."""
        for statement in reversed(unit.statements):
            if id(statement.draft) in self.made and self._is_of(statement, piece):
                return self.made[id(statement.draft)]
        return unit.directives[-1] if unit.directives else None

    def _take(self, piece: Piece, unit: _Unit, owner: Directive | None) -> None:
        """Put *piece* into *unit*: what it states as directives, the rest into the body of *owner*."""
        inside = self.index.inside(piece)
        if piece.form is Form.LIST:
            for entry in piece.children:
                self._take(entry, unit, owner)
        elif piece.form is Form.ENTRY:
            self._take_entry(piece, unit, owner)
        elif not inside:
            if owner is not None and not (self._is_ignore(piece, unit) or self._is_consumed(piece, unit)):
                owner.body.append(self.index.source(piece))
        elif piece.form is Form.TABLE:
            self._take_table(piece, unit, owner)
        elif piece.form is Form.CODE:
            self._take_code(piece, unit)
        elif piece.form is Form.PARAGRAPH:
            self._state(self.index.own(piece), self.index.source(piece), [], unit, self.index.blocks.get(piece.start))
        else:
            raise CannotWriteError(piece.form)

    def _take_entry(self, entry: Piece, unit: _Unit, owner: Directive | None) -> None:
        own, inside = self.index.own(entry), self.index.inside(entry)
        source = self.index.source(entry)
        if not inside:
            if owner is not None and not self._is_consumed(entry, unit):
                owner.body.append(source)
            elif owner is None:
                raise CannotWriteError('an entry of nobody')
            return
        if len(own) > 1 and own[1].draft.parent is own[0].draft and own[0].draft.kind.argument is ArgumentType.NONE:
            self._state(own[:1], [], [], unit, None)  # a rollout begins with its first step
            own, inside = own[1:], inside[1:]
        if (parent := inside[0].draft.parent) is not None and id(parent) in self.made:
            kind = self.made[id(parent)].kind
            if is_read_alike(
                kind, parent, self.index.block_of(entry), [each.draft for each in inside], self.snapshot.kinds
            ):
                self.made[id(parent)].body.append(source)
                return
        text = self.index.own_source(entry)
        if own:
            self._state(own, text, entry.children, unit, self.index.blocks.get(entry.start))
            return
        if owner is None:
            raise CannotWriteError('a label of nobody')
        owner.body.append(text)
        for child in entry.children:
            self._take(child, unit, owner)

    def _state(
        self,
        statements: Sequence[Statement],
        source: Sequence[str],
        children: Sequence[Piece],
        unit: _Unit,
        blocks: Sequence[Block] | None,
    ) -> None:
        """Add what one block states, and what stands below it.

        :param source: the block's own lines, without marks and indentation.
        """
        first: Directive | None = None
        previous: Statement | None = None
        for statement in statements:
            if previous is not None and same_but_for_method(previous, statement):
                directive = self.made[id(previous.draft)]
                methods, _, path = directive.argument.rpartition(' ')
                directive.argument = f'{methods}, {statement.draft.fields["method"]} {path}'
            else:
                directive = self._add(statement, unit)
            self.made[id(statement.draft)] = directive
            first, previous = first or directive, statement
        if first is None:
            raise CannotWriteError('nothing is stated')
        if source and blocks:
            said = [directive for directive in map(self._made_of, statements) if directive is not None]
            self._keep_words(said, statements, source, blocks[0])
        for child in children:
            self._take(child, unit, first)

    def _made_of(self, statement: Statement) -> Directive | None:
        return self.made.get(id(statement.draft))

    def _add(self, statement: Statement, unit: _Unit) -> Directive:
        """Add the directive of a statement: inside its owner's, or after the others."""
        parent = statement.draft.parent
        directive = directive_of(statement.draft, self.snapshot.kinds)
        if parent is None:
            unit.directives.append(directive)
        elif id(parent) in self.made:
            self.made[id(parent)].body.append(directive)
        else:
            raise CannotWriteError('its owner stands elsewhere')
        return directive

    def _keep_words(
        self, made: Sequence[Directive], statements: Sequence[Statement], source: Sequence[str], block: Block
    ) -> None:
        """Give the last item that can hold it what the options do not say of the block's own words."""
        owner, draft = made[-1], statements[-1].draft
        if draft.kind.name == NO_IMPACT and not draft.body:
            return  # None, in some words
        for directive, statement in zip(made, statements, strict=False):
            if statement.draft.body:
                owner, draft = directive, statement.draft
                break
        rest = left_over(source, block.text, draft.body)
        if rest is None or lost_words(block.text, made, rest):
            rest = list(source)
        if rest:
            owner.body.append(rest)

    def _is_consumed(self, piece: Piece, unit: _Unit) -> bool:
        """Whether all words of a piece have become options."""
        block = self.index.block_of(piece)
        source = self.index.own_source(piece) if piece.form is Form.ENTRY else self.index.source(piece)
        whole = self.index.source(piece)
        drafts = [statement.draft for statement in unit.statements]
        return block is not None and is_consumed(block, piece, drafts, source, whole)

    # --- Tables and code

    def _take_table(self, piece: Piece, unit: _Unit, owner: Directive | None) -> None:
        if any(len(self.index.blocks.get(line, ())) == 0 for line in self._row_lines(piece)):
            unit.keeps_source = True
        rows = list(rows_of_table(piece, self.lines, self.snapshot, self.index.blocks, self.index.stated))
        of_rows = {id(each.draft) for row in rows for each in row.statements}
        if above := [each for each in self.index.inside(piece) if id(each.draft) not in of_rows]:
            self._state(above, [], [], unit, None)
        for row in rows:
            if not row.statements:
                unit.keeps_source = unit.keeps_source or not row.is_told(unit.statements)
                continue
            self._state(row.statements, [], [], unit, None)
            directive = self.made[id(row.statements[0].draft)]
            owner = self.made.get(id(row.statements[0].draft.parent))
            body = row.body([directive] if owner is None else [directive, owner])
            if body is None:
                unit.keeps_source = True
            elif body:
                directive.body.append(body)

    def _row_lines(self, piece: Piece) -> list[int]:
        return [row.start for row in piece.children] if self.snapshot.markdown else []

    def _take_code(self, piece: Piece, unit: _Unit) -> None:
        statements = self.index.inside(piece)
        self._state(statements, [], [], unit, None)
        made = [each for each in map(self._made_of, statements) if each is not None]
        block = self.index.block_of(piece)
        # A list of endpoints is told by the directives; SQL and classes say more than any reader takes from them.
        is_list = statements[0].draft.kind.argument is ArgumentType.HTTP_TARGET
        if not is_list or lost_words(block.text if block is not None else '', made, []):
            tops = [directive for directive in made if any(directive is each for each in unit.directives)]
            (tops or unit.directives)[-1].body.append(self.index.source(piece))
