"""Which step of a rollout carries out what the note removes."""

from __future__ import annotations

import re

from sphinxcontrib_designnote.model.records import Item
from sphinxcontrib_designnote.rules.definition import NoteView
from sphinxcontrib_designnote.rules.steps import is_client, is_deployment, step_texts
from sphinxcontrib_designnote.rules.subjects import subject_id

#: A step that brings out code says by these that something is not in it any more.
_GONE = re.compile(
    r'\b(?:remov\w{1,4}|without|drop(?:s|ped|ping)?|delet\w{1,3}|retir\w{1,4}|decommission\w{0,3}'
    r'|clean(?:s|ed|ing)?[ -]?up|no longer|not .{1,40} any ?more|shut\w{0,5} down|410)\b',
    re.IGNORECASE,
)
_LONGEST = 2000


class Removals:
    """What the steps of a rollout remove. Built in O(steps and their text)."""

    def __init__(self, view: NoteView) -> None:
        self._view = view
        #: Subjects that a step names; and whether there is one that names none, and so is about the others.
        self._named: set[str] = set()
        self._is_general = False
        deployments = [step for step in view.of('rollout-step') if step.text('action') == 'deploy']
        #: Kinds of which nothing is left when new code is out.
        self._deployed = {'interface', 'feature-flag'} if deployments else set()
        if any(is_deployment(step) and not is_client(step) for step in deployments):
            self._deployed |= {'endpoint', 'entity'}
        for step in view.of('rollout-step'):
            self._read(step)

    def _read(self, step: Item) -> None:
        action = step.text('action')
        said = ' '.join(text[:_LONGEST] for text in step_texts(step))
        if action in ('verify', 'announce') or (action != 'remove' and not _GONE.search(said)):
            return
        graph = self._view.graph
        named = {subject_id(graph, target) for target in self._view.targets(step, 'removes')}
        found = graph.mentions.find(said, step, self._view.note)
        named.update(subject_id(graph, each.item) for each in found if each.item is not None)
        self._named |= named
        self._is_general = self._is_general or not named

    def carry_out(self, item: Item) -> bool:
        """Whether a step removes *item*, or may be meant to."""
        note_release = self._view.note.fields.get('release')
        if (
            item.kind in self._deployed
            or self._is_general
            or ('release' in item.lines and item.release != note_release)
        ):
            return True
        subject = subject_id(self._view.graph, item)
        return subject in self._named or bool(self._view.sources(item, 'removes'))
