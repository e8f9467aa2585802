"""Records made by hand: the outputs are tested without a parser."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sphinxcontrib_designnote.diagnostics import Finding, Severity, SourceLocation
from sphinxcontrib_designnote.model.identity import slug
from sphinxcontrib_designnote.model.records import Ignore, Item, Note
from sphinxcontrib_designnote.model.schema import Vocabulary, builtin_vocabulary
from sphinxcontrib_designnote.outputs import ExportContext
from sphinxcontrib_designnote.relations import relate
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.relations.names import Naming
from sphinxcontrib_designnote.tables import Table
from sphinxcontrib_designnote.tables.gather import Gathered
from sphinxcontrib_designnote.tables.standard import tables

SLOTS = {
    'approach': True, 'new-endpoints': True, 'changed-endpoints': True, 'interfaces': False, 'breaking-changes': True,
    'new-entities': True, 'modified-entities': True, 'migration-story': True, 'authorization': True, 'audit': True,
    'security': True, 'feature-flags': True, 'rollout': True, 'compatibility': True, 'testing': True,
}  # fmt: skip


class NoteMaker:
    """Collects the items of one note; each item stands one line below the one before unless a line is given."""

    def __init__(self, id_: str, title: str, *, path: str | None = None, **fields: Any) -> None:
        self.docname = f'notes/{id_}'
        self.path = path or f'{self.docname}.md'
        at = SourceLocation(path=self.path, line=1)
        self.note = Note(
            id=id_, title=title, docname=self.docname, location=at, anchor=slug(id_), marked=True, fields=fields
        )
        self.items: list[Item] = []

    def add(
        self,
        kind: str,
        key: str,
        /,
        *,
        line: int | None = None,
        change: str | None = None,
        parent: Item | None = None,
        body: str = '',
        title: str | None = None,
        release: str | None = None,
        service: str | None = None,
        id: str | None = None,
        ignore: tuple[Ignore, ...] = (),
        **fields: Any,
    ) -> Item:
        if kind == 'endpoint' and 'path' not in fields and ' /' in key:
            method, _, path = key.partition(' ')
            fields = {'method': method, 'path': path, **fields}
        id_ = id or f'{self.note.id}-{kind}-{slug(key)}' + (f'-{change}' if change else '')
        line = line or (self.items[-1].location.line + 1 if self.items else 2)
        full = f'{parent.key}.{key}' if parent and kind in ('field', 'constraint') else key
        item = Item(
            id=id_, kind=kind, key=full, title=title or key, change=change, service=service, release=release,
            note=self.note.id, docname=self.docname, location=SourceLocation(path=self.path, line=line),
            anchor=slug(id_), origin='directive', fields=fields, lines={}, body=body,
            parent=parent.id if parent else None, incomplete=False, ignore=ignore,
        )  # fmt: skip
        self.items.append(item)
        return item

    def made(self) -> Note:
        return replace(self.note, items=tuple(self.items))


def graph_of(*notes: Note | NoteMaker, vocabulary: Vocabulary | None = None, releases: Iterable[str] = ()) -> Graph:
    records = [note.made() if isinstance(note, NoteMaker) else note for note in notes]
    return relate(records, Naming(vocabulary=vocabulary or builtin_vocabulary()), tuple(releases))


def tables_of(graph: Graph, findings: Sequence[Finding], context: ExportContext) -> tuple[Table, ...]:
    return tables(Gathered(graph, lambda: findings, releases=context.releases, today=context.today))


def context_of(**settings: Any) -> ExportContext:
    return ExportContext(**{'project': 'Serving', 'version': '25.11', **settings})


def finding_of(code: str, name: str, severity: Severity, message: str, about: Item | Note, **more: Any) -> Finding:
    item = about if isinstance(about, Item) else None
    return Finding(
        code=code, name=name, severity=severity, message=message, location=more.pop('location', about.location),
        note=item.note if item else about.id, docname=about.docname, item=item.id if item else None, **more,
    )  # fmt: skip


def quick_deploy() -> NoteMaker:
    """The filled example of the template, as an author would write it with directives."""
    note = NoteMaker(
        'quick-deploy', 'Quick Model Deployment', status='accepted', owners=('Serving team',),
        created=datetime.date(2025, 9, 1),
    )  # fmt: skip
    config = note.add(
        'endpoint', 'POST /api/v1/serving/auto-config', line=17, change='new',
        purpose='Returns recommended engine + resources for a model', request='{"model_id": "uuid"}',
        auth='Requires authenticated user (any role)',
        response='{"engine": "llamacpp", "cpu": 4, "memory_gb": 8, "gpu": 0, "confidence": "high"}',
    )  # fmt: skip
    deploy = note.add('endpoint', 'POST /api/v1/serving/deploy', line=23, change='changed')
    sent: dict[str, Any] = {'in': 'request', 'type': 'bool', 'default': 'false'}
    note.add('field', 'use_auto_config', line=23, parent=deploy, change='add', **sent)
    note.add('no-impact', 'breaking-changes', line=28, body='All changes are additive.')
    note.add('no-impact', 'new-entities', line=33, body='Using existing Model and Deployment tables.')
    table = note.add('entity', 'Deployment', line=36, change='modified')
    note.add('field', 'auto_configured', line=37, parent=table, change='add', type='boolean', default='false')
    note.add(
        'constraint', 'index on auto_configured', line=38, parent=table, change='add', kind='index',
        columns=('auto_configured',),
    )  # fmt: skip
    note.add(
        'migration', 'Add auto_configured', line=41, tool='Alembic', entities=('Deployment.auto_configured',),
        kind='expand', backfill='No data backfill needed since this is a new feature',
    )  # fmt: skip
    note.add('authorization', 'POST /api/v1/serving/auto-config', line=47, roles=('any',))
    note.add('authorization', 'POST /api/v1/serving/deploy', line=48, roles=('editor',), change='existing')
    note.add(
        'audit-event', 'deployment.auto_config', line=52, trigger='when auto-config is used',
        fields=('action', 'model_id', 'user_id', 'recommended'),
    )  # fmt: skip
    note.add('security-consideration', 'Model ID must be valid UUID', line=56, topic='input-validation')
    note.add('security-consideration', 'Apply existing rate limit', line=57, topic='rate-limiting')
    note.add(
        'feature-flag', 'quick_deploy_enabled', line=63, change='new', default='off', gates=(config.key,),
        when_disabled='"Quick Deploy" button hidden in UI, endpoint returns 404',
    )  # fmt: skip
    rollout = note.add('rollout', 'Rollout', line=68)
    steps = (
        ('Deploy backend with new endpoint (feature flag off)', 'deploy'),
        ('Run Alembic migration to add `auto_configured` column', 'migrate'),
        ('Deploy frontend with Quick Deploy UI (feature flag off)', 'deploy'),
        ('Enable feature flag for internal testing', 'enable'),
        ('Enable feature flag for all users after 1 week of testing', 'enable'),
    )
    for line, (step, action) in enumerate(steps, start=68):
        note.add('rollout-step', step, line=line, parent=rollout, action=action)
    note.add('compatibility', 'New endpoint is additive', line=77, mechanism='additive')
    for level, line, tests in (
        ('unit', 82, ('Test resource selection when GPU available vs not available',)),
        (
            'integration', 87,
            (
                'Test POST /api/v1/serving/auto-config endpoint',
                'Test POST /api/v1/serving/deploy with `use_auto_config: true`',
                'Test feature flag behavior (enabled vs disabled)',
            ),
        ),
        ('manual', 92, ('Test on both AMD64 and ARM64 nodes',)),
    ):  # fmt: skip
        plan = note.add('test-plan', level, line=line)
        for number, test in enumerate(tests, start=line):
            note.add('test-case', test, line=number, parent=plan, level=level)
    return note


def example_findings(graph: Graph) -> list[Finding]:
    """Findings on the example: an error, a warning, an info, and an info that is silenced."""
    at = {(item.kind, item.location.line): item for item in graph.items.values()}
    index, flag, step = at['constraint', 38], at['feature-flag', 63], at['rollout-step', 68]
    second = SourceLocation(path=step.location.path, line=69)
    return [
        finding_of('DN602', 'flag-without-owner', Severity.INFO, "the flag has no owner; add ':owner:'", flag),
        finding_of('DN410', 'index-without-migration', Severity.WARNING, 'no migration mentions the index', index),
        finding_of(
            'DN607',
            'deploy-before-migration',
            Severity.ERROR,
            'step 1 deploys what step 2 adds',
            step,
            related=(second,),
        ),
        finding_of(
            'DN603', 'flag-without-removal', Severity.INFO, 'the flag is never removed', flag, suppressed='kept for ops'
        ),
    ]
