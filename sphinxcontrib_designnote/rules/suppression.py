"""What authors silence where it stands: which findings that are, and which suppressions silence nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from sphinxcontrib_designnote.diagnostics import Finding, SourceLocation
from sphinxcontrib_designnote.model.records import Ignore, Item, Note
from sphinxcontrib_designnote.relations.graph import Graph


@dataclass(frozen=True, kw_only=True, slots=True)
class Idle:
    """A suppression that silences nothing."""

    #: What it stands on.
    about: Item | Note
    ignore: Ignore
    #: Of the rule that it names; ``None`` where there is none.
    code: str | None


class Suppressions:
    """All suppressions of a project, and which of them have silenced something."""

    def __init__(self, graph: Graph, codes: Mapping[str, str]) -> None:
        """Take *codes*, code and name of every rule to its code."""
        self._graph = graph
        self._codes = codes
        #: One that stands on several items (``GET, POST /x``) is one.
        self._used: set[tuple[SourceLocation, str]] = set()

    def silenced(self, finding: Finding) -> Finding:
        """Mark *finding* when its item, an owner of the item, or its note silences the rule."""
        thing: Item | Note | None = self._graph.items.get(finding.item) if finding.item else None
        chain: list[Item | Note] = []
        while isinstance(thing, Item):
            chain.append(thing)
            thing = self._graph.items.get(thing.parent) if thing.parent else None
        if (note := self._graph.notes.get(finding.note or '')) is not None:
            chain.append(note)
        for holder in chain:
            for ignore in holder.ignore:
                if self._codes.get(ignore.rule) == finding.code:
                    self._used.add((ignore.location, ignore.rule))
                    return replace(finding, suppressed=ignore.reason or 'no reason given')
        return finding

    def idle(self, could_speak: Callable[[str, Note], bool]) -> Iterator[Idle]:
        """Yield the suppressions that silence nothing, in the order of the pages.

        :param could_speak: whether the rule with this code has been run, and may find something in this note.
        """
        seen = set(self._used)
        for note in self._graph.pages:
            holders: tuple[Item | Note, ...] = (note, *note.items)
            for holder in holders:
                for ignore in holder.ignore:
                    code = self._codes.get(ignore.rule)
                    key = (ignore.location, ignore.rule)
                    # On an item of which something is lost rules keep silent; that is reported, and not this.
                    speaks = code is None or (could_speak(code, note) and not holder.incomplete)
                    if key not in seen and speaks:
                        seen.add(key)
                        yield Idle(about=holder, ignore=ignore, code=code)
