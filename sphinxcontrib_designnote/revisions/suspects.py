"""Which links are to be looked at again, by the history of the repository."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinxcontrib_designnote.model.records import Item, Note
from sphinxcontrib_designnote.relations.graph import Graph, Link
from sphinxcontrib_designnote.relations.meaning import (
    LinkHistory,
    Meaning,
    Suspect,
    differences,
    meaning,
    watched_links,
)
from sphinxcontrib_designnote.revisions.files import FileHistory, Version, file_histories, versions_by_path
from sphinxcontrib_designnote.revisions.git import Commit, GitError, Repository
from sphinxcontrib_designnote.revisions.reading import Page

#: Reads pages as they were, all at once.
Reader = Callable[[Mapping[Page, bytes]], Mapping[Page, Note]]
#: Digits of the id of a commit that people are shown.
_SHORT = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class _Doubt:
    """A link that names something which was said in other words when the link was last edited."""

    link: Link
    named: Item
    #: The words that say it now.
    words: bytes
    #: Of the page that says it, newest first: the last is the one that there was then.
    versions: Sequence[Version]

    def page(self, version: Version) -> Page:
        """Return what names a version among all pages that are read."""
        return self.named.location.path, version.age


def link_history(graph: Graph, folder: Path, read: Reader) -> LinkHistory:
    """Compare what links name with what that was when the link was last edited.

    Git is asked once for the commits of *folder*, the sources, and once for what files held that name something
    younger than themselves, or are so named. Only pages on which the thing was said in other words are read, all at
    once. What git cannot tell is a gap; nothing is raised.
    """
    watched = list(watched_links(graph))
    if not watched:
        return LinkHistory()
    try:
        repository = Repository(folder)
        is_cut, commits = repository.is_shallow(), repository.history()
        files = versions_by_path(commits)
        paths = set[str]()
        for link, named in watched:
            own, other = files.get(link.location.path), files.get(named.location.path)
            if own and other and other[0][0] < own[-1][0]:  # else the link is as young as what it names
                paths |= {link.location.path, named.location.path}
        histories = file_histories(repository, folder, {path: files[path] for path in sorted(paths)})
    except (GitError, OSError) as error:
        return LinkHistory(gap=str(error))
    doubts = [doubt for link, named in watched if (doubt := _doubt(link, named, graph, histories)) is not None]
    suspects = tuple(_suspects(doubts, _Past(graph, read), commits))
    ends = {path for link, named in watched for path in (link.location.path, named.location.path)}
    gap = ''
    if is_cut and any(files[path][-1][0] == len(commits) - 1 for path in ends & files.keys()):
        gap = f"this clone is shallow and begins on {commits[-1].date}; 'git fetch --unshallow' brings the rest"
    return LinkHistory(suspects=suspects, gap=gap)


def _doubt(link: Link, named: Item, graph: Graph, histories: Mapping[str, FileHistory]) -> _Doubt | None:
    own, other = histories.get(link.location.path), histories.get(named.location.path)
    if own is None or other is None:
        return None
    stating = graph.items.get(link.stating)
    passages = [own.lines(link.location.line, link.location.line + 1)]
    if stating is not None and stating.location.path == link.location.path:
        passages.append(own.lines(*_extent(stating, graph.note_of(stating))))
    versions = other.since(own.age_of(passages))
    words = _words(named, graph.note_of(named), other)
    if not versions or versions[-1].has([words]):
        return None
    return _Doubt(link=link, named=named, words=words, versions=versions)


def _extent(item: Item, note: Note) -> tuple[int, int | None]:
    """Return the lines of *item* and its parts: up to the next item or heading, or to the end of the page."""
    first = item.location.line
    ends = list(note.heading_lines.values())
    inside = {item.id}
    for other in note.items:
        if other.parent in inside:
            inside.add(other.id)
        elif other.location.path == item.location.path:
            ends.append(other.location.line)
    return first, min((line for line in ends if line > first), default=None)


def _words(item: Item, note: Note, file: FileHistory) -> bytes:
    """Return what of *file* makes *item* what it is.

    That is its directive; a plain item is told by the headings above it as well, and by what the page says elsewhere.
    """
    first, end = _extent(item, note)
    is_in_one_place = all(line >= first and (end is None or line < end) for line in item.lines.values())
    return file.lines(first, end) if item.origin == 'directive' and is_in_one_place else file.lines(1, None)


def _suspects(doubts: Sequence[_Doubt], past: _Past, commits: Sequence[Commit]) -> Iterator[Suspect]:
    """Yield those doubts that are well founded, each with the commit since which the thing is what it is."""
    past.fetch((doubt, doubt.versions[-1]) for doubt in doubts)
    changed = [(doubt, names) for doubt in doubts if (names := past.changes(doubt))]
    past.fetch((doubt, version) for doubt, _ in changed for version in doubt.versions)
    for doubt, names in changed:
        steps = zip(doubt.versions, doubt.versions[1:], strict=False)
        today = past.meant(doubt, doubt.versions[0])
        commit = next(commits[version.age] for version, before in steps if past.meant(doubt, before) != today)
        yield Suspect(link=doubt.link, changed=names, commit=commit.hash[:_SHORT], date=commit.date)


class _Past:
    """What things meant on pages as they were."""

    def __init__(self, graph: Graph, read: Reader) -> None:
        self._graph = graph
        self._read = read
        self._pages: dict[Page, Note] = {}

    def fetch(self, versions: Iterable[tuple[_Doubt, Version]]) -> None:
        """Read, all at once, what :meth:`meant` will be asked of."""
        wanted = {
            doubt.page(version): version.text[1:] for doubt, version in versions if not version.has([doubt.words])
        }
        self._pages |= self._read({page: wanted[page] for page in sorted(wanted.keys() - self._pages.keys())})

    def meant(self, doubt: _Doubt, version: Version) -> Meaning | None:
        """Return what the thing meant that is named; ``None`` where it was not there."""
        item, kinds = doubt.named, self._graph.vocabulary.kinds
        beside = self._graph.note_of(item).items
        if version.has([doubt.words]):  # said as today
            return meaning(item, beside, kinds)
        page = self._pages.get(doubt.page(version))
        then = _counterpart(item, beside, page.items) if page is not None else None
        return meaning(then, page.items, kinds) if then is not None and page is not None else None

    def changes(self, doubt: _Doubt) -> tuple[str, ...]:
        """Return what is not as it was when the link was last edited; nothing where the thing was not there then."""
        then, today = self.meant(doubt, doubt.versions[-1]), self.meant(doubt, doubt.versions[0])
        return differences(then, today) if then is not None and today is not None else ()


def _counterpart(item: Item, beside: Sequence[Item], items: Sequence[Item]) -> Item | None:
    """Return which of *items* is *item*, which stands among *beside*: what has its id, else its kind and key."""
    for other in items:
        if other.id == item.id:
            return other
    before = [other for other in _alike(item, beside) if other.location < item.location]
    return next(iter(_alike(item, items)[len(before) :]), None)


def _alike(item: Item, items: Sequence[Item]) -> list[Item]:
    return [other for other in items if (other.kind, other.key) == (item.kind, item.key)]
