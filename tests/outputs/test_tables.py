from __future__ import annotations

import datetime

import pytest
from output_records import NoteMaker, context_of, example_findings, graph_of, quick_deploy, tables_of

from sphinxcontrib_designnote.model.schema import extended_vocabulary
from sphinxcontrib_designnote.outputs.files import table_csv, table_markdown
from sphinxcontrib_designnote.relations.graph import Graph
from sphinxcontrib_designnote.tables import CELL_LENGTH, NAME_LENGTH, Table, cut

STANDARD = [
    'endpoints', 'interfaces', 'entities', 'migrations', 'flags', 'permissions', 'audit', 'rollout', 'release-plan',
    'promises', 'breaking-changes', 'decisions', 'tests', 'requirements', 'coverage', 'notes', 'findings',
]  # fmt: skip
NOTE = 'Quick Model Deployment'
CONFIG, DEPLOY = 'POST /api/v1/serving/auto-config', 'POST /api/v1/serving/deploy'
STEPS = [
    'Deploy backend with new endpoint (feature flag off)',
    'Run Alembic migration to add `auto_configured` column',
    'Deploy frontend with Quick Deploy UI (feature flag off)',
    'Enable feature flag for internal testing',
    'Enable feature flag for all users after 1 week of testing',
]


def table(graph: Graph, name: str, **settings: object) -> Table:
    findings = example_findings(graph) if 'quick-deploy' in graph.notes else []
    return next(t for t in tables_of(graph, findings, context_of(**settings)) if t.name == name)


def shown(found: Table) -> list[dict[str, str]]:
    """Rows as column title to text, without what is empty; several things in a cell are joined by " + "."""
    rows = []
    for row in found.rows:
        cells = {
            c.title: ' + '.join(part.text for part in cell) for c, cell in zip(found.columns, row.cells, strict=True)
        }
        rows.append({title: text for title, text in cells.items() if text})
    return rows


def steps_of(found: Table) -> list[str]:
    return [row['Step'] for row in shown(found)]


def test_the_standard_tables_are_all_there_and_in_order(example: Graph) -> None:
    assert [t.name for t in tables_of(example, [], context_of())] == STANDARD


EXAMPLE = {
    'endpoints': [
        {
            'Method': 'POST', 'Path': '/api/v1/serving/auto-config', 'Change': 'new',
            'Purpose': 'Returns recommended engine + resources for a model',
            'Authorization': 'Requires authenticated user (any role) + any', 'Flag': 'quick_deploy_enabled',
            'Audit': 'deployment.auto_config', 'Tests': 'Test POST /api/v1/serving/auto-config endpoint', 'Note': NOTE,
        },
        {
            'Method': 'POST', 'Path': '/api/v1/serving/deploy', 'Change': 'changed', 'Fields': 'use_auto_config',
            'Authorization': 'editor', 'Tests': 'Test POST /api/v1/serving/deploy with `use_auto_config: true`',
            'Note': NOTE,
        },
    ],
    'interfaces': [],
    'entities': [
        {'Entity': 'Deployment', 'Change': 'modified', 'Migrations': 'Add auto_configured', 'Note': NOTE},
        {
            'Entity': 'Deployment', 'Column or constraint': 'auto_configured', 'Type': 'boolean', 'Change': 'add',
            'Default': 'false', 'Migrations': 'Add auto_configured', 'Note': NOTE,
        },
        {
            'Entity': 'Deployment', 'Column or constraint': 'index on auto_configured', 'Type': 'index',
            'Change': 'add', 'Note': NOTE,
        },
    ],
    'migrations': [
        {
            'Migration': 'Add auto_configured', 'Kind': 'expand', 'Tool': 'Alembic',
            'Changes': 'Deployment.auto_configured',
            'Backfill': 'No data backfill needed since this is a new feature',
            'Run by': STEPS[1], 'Note': NOTE,
        }
    ],
    'flags': [
        {
            'Flag': 'quick_deploy_enabled', 'Change': 'new', 'Default': 'off', 'Gates': CONFIG,
            'Switched by': f'{STEPS[3]} + {STEPS[4]}', 'Tests': 'Test feature flag behavior (enabled vs disabled)',
            'Note': NOTE,
        }
    ],
    'permissions': [
        {
            'Operation': CONFIG, 'Change': 'new', 'any (signed in)': 'yes',
            'Stated as': 'Requires authenticated user (any role)', 'Note': NOTE,
        },
        {'Operation': CONFIG, 'any (signed in)': 'yes', 'Note': NOTE},
        {'Operation': DEPLOY, 'Change': 'existing', 'editor': 'yes', 'Note': NOTE},
    ],
    'audit': [
        {
            'Event': 'deployment.auto_config', 'Change': 'new', 'Trigger': 'when auto-config is used',
            'Records': CONFIG, 'Fields': 'action + model_id + user_id + recommended', 'Note': NOTE,
        }
    ],
    'rollout': [
        {'Note': NOTE, '#': '1', 'Step': STEPS[0], 'Action': 'deploy'},
        {'Note': NOTE, '#': '2', 'Step': STEPS[1], 'Action': 'migrate', 'Acts on': 'Add auto_configured'},
        {'Note': NOTE, '#': '3', 'Step': STEPS[2], 'Action': 'deploy'},
        {'Note': NOTE, '#': '4', 'Step': STEPS[3], 'Action': 'enable', 'Acts on': 'quick_deploy_enabled'},
        {'Note': NOTE, '#': '5', 'Step': STEPS[4], 'Action': 'enable', 'Acts on': 'quick_deploy_enabled'},
    ],
    'release-plan': [
        {'#': '1', 'Step': STEPS[0], 'Action': 'deploy', 'Note': NOTE},
        {'#': '2', 'Step': STEPS[1], 'Action': 'migrate', 'Acts on': 'Add auto_configured', 'Note': NOTE},
        {'#': '3', 'Step': STEPS[2], 'Action': 'deploy', 'Note': NOTE},
        {'#': '4', 'Step': STEPS[3], 'Action': 'enable', 'Acts on': 'quick_deploy_enabled', 'Note': NOTE},
        {'#': '5', 'Step': STEPS[4], 'Action': 'enable', 'Acts on': 'quick_deploy_enabled', 'Note': NOTE},
    ],
    'promises': [],
    'breaking-changes': [],
    'decisions': [],
    'tests': [
        {'Note': NOTE, 'Level': 'unit', 'Test': 'Test resource selection when GPU available vs not available'},
        {
            'Note': NOTE, 'Level': 'integration', 'Test': 'Test POST /api/v1/serving/auto-config endpoint',
            'Verifies': CONFIG,
        },
        {
            'Note': NOTE, 'Level': 'integration',
            'Test': 'Test POST /api/v1/serving/deploy with `use_auto_config: true`',
            'Verifies': f'{DEPLOY} + {DEPLOY}.use_auto_config',
        },
        {
            'Note': NOTE, 'Level': 'integration', 'Test': 'Test feature flag behavior (enabled vs disabled)',
            'Verifies': 'quick_deploy_enabled',
        },
        {'Note': NOTE, 'Level': 'manual', 'Test': 'Test on both AMD64 and ARM64 nodes'},
    ],
    'requirements': [],
    'coverage': [
        {'Kind': 'Endpoint', 'Total': '2', 'Test': '2', 'Authorization': '2', 'Audit': '1', 'Flag': '1'},
        {'Kind': 'Entity', 'Total': '1', 'Migration': '1', 'Test': '0'},
        {'Kind': 'Field', 'Total': '1', 'Migration': '1', 'Test': '0'},
        {'Kind': 'Constraint', 'Total': '1', 'Migration': '0', 'Test': '0'},
        {'Kind': 'Migration', 'Total': '1', 'Rollout': '1', 'Test': '0'},
        {'Kind': 'Feature flag', 'Total': '1', 'Rollout': '1', 'Test': '1'},
    ],
    'notes': [
        {
            'Note': NOTE, 'Status': 'accepted', 'Owners': 'Serving team', 'Created': '2025-09-01', 'Items': '30',
            'Undone steps': '5', 'Errors': '1', 'Warnings': '1', 'Infos': '1',
        }
    ],
    'findings': [
        {
            'Severity': 'warning', 'Code': 'DN410', 'Rule': 'index-without-migration',
            'Message': 'no migration mentions the index', 'Item': 'Deployment.index on auto_configured', 'Note': NOTE,
        },
        {
            'Severity': 'info', 'Code': 'DN602', 'Rule': 'flag-without-owner',
            'Message': "the flag has no owner; add ':owner:'", 'Item': 'quick_deploy_enabled', 'Note': NOTE,
        },
        {
            'Severity': 'info', 'Code': 'DN603', 'Rule': 'flag-without-removal', 'Message': 'the flag is never removed',
            'Item': 'quick_deploy_enabled', 'Note': NOTE, 'Silenced because': 'kept for ops',
        },
        {
            'Severity': 'error', 'Code': 'DN607', 'Rule': 'deploy-before-migration',
            'Message': 'step 1 deploys what step 2 adds', 'Item': STEPS[0], 'Note': NOTE,
        },
    ],
}  # fmt: skip


@pytest.mark.parametrize('name', STANDARD)
def test_the_example_fills_the_table(example: Graph, name: str) -> None:
    assert shown(table(example, name)) == EXAMPLE[name]


def test_a_row_knows_its_source_and_its_page(example: Graph) -> None:
    row = table(example, 'endpoints').rows[1]
    assert (row.source, row.docname) == ('notes/quick-deploy.md:23', 'notes/quick-deploy')
    assert row.anchor == row.id == 'quick-deploy-endpoint-post-api-v1-serving-deploy-changed'


def test_a_cell_leads_to_the_item_that_it_names(example: Graph) -> None:
    found = table(example, 'flags')
    gates = dict(zip([c.title for c in found.columns], found.rows[0].cells, strict=True))['Gates']
    assert [example.items[part.target or ''].key for part in gates] == [CONFIG]


def test_every_row_of_every_table_has_a_cell_for_each_column(example: Graph) -> None:
    for found in tables_of(example, example_findings(example), context_of()):
        assert {len(row.cells) for row in found.rows} <= {len(found.columns)}, found.name


def test_dead_notes_are_shown_as_notes_and_for_their_decisions_only() -> None:
    dead = NoteMaker('dead', 'Dead', status='rejected')
    dead.add('endpoint', 'GET /x', change='new', sunset=datetime.date(2027, 1, 1))
    dead.add('rollout-step', 'Deploy it', action='deploy')
    dead.add('authorization', 'GET /x', roles=('editor',))
    dead.add('alternative', 'Do nothing', verdict='chosen', body='It was too dear.')
    graph = graph_of(dead)
    filled = {t.name for t in tables_of(graph, [], context_of()) if t.rows}
    assert filled == {'notes', 'decisions'}
    assert shown(table(graph, 'decisions')) == [
        {
            'Note': 'Dead',
            'Status': 'rejected',
            'Alternative': 'Do nothing',
            'Verdict': 'chosen',
            'Why': 'It was too dear.',
        }
    ]


def test_endpoints_are_sorted_by_path_then_method_then_history() -> None:
    later, first = NoteMaker('a', 'Later', depends_on=('b',)), NoteMaker('b', 'First')
    later.add('endpoint', 'POST /x', change='changed')
    later.add('endpoint', 'GET /z', change='new')
    first.add('endpoint', 'POST /x', change='new')
    first.add('endpoint', 'DELETE /x', change='new')
    rows = shown(table(graph_of(later, first), 'endpoints'))
    assert [(r['Method'], r['Path'], r['Note']) for r in rows] == [
        ('DELETE', '/x', 'First'), ('POST', '/x', 'First'), ('POST', '/x', 'Later'), ('GET', '/z', 'Later'),
    ]  # fmt: skip


def test_an_endpoint_that_says_nothing_of_authorization_stands_among_the_permissions() -> None:
    note = NoteMaker('n', 'N')
    note.add('endpoint', 'GET /open', change='new')
    note.add('endpoint', 'GET /old', change='existing')
    note.add('endpoint', 'GET /own', change='new', roles=('viewer', 'editor'))
    note.add('authorization', 'GET /guarded', public=True)
    note.add('endpoint', 'GET /guarded', change='new')
    assert shown(table(graph_of(note), 'permissions')) == [
        {'Operation': 'GET /guarded', 'Stated as': 'public', 'Note': 'N'},
        {'Operation': 'GET /open', 'Change': 'new', 'Stated as': 'nothing stated', 'Note': 'N'},
        {'Operation': 'GET /own', 'Change': 'new', 'editor': 'yes', 'viewer': 'yes', 'Note': 'N'},
    ]


def test_the_permissions_read_roles_from_the_words_of_an_endpoint() -> None:
    note = NoteMaker('n', 'N')
    note.add('endpoint', 'GET /x', change='new', auth='Requires the admin or editor role')
    rows = shown(table(graph_of(note), 'permissions'))
    assert [{k: v for k, v in row.items() if v == 'yes'} for row in rows] == [{'admin': 'yes', 'editor': 'yes'}]


def test_the_release_plan_keeps_order_within_notes_and_puts_earlier_releases_first() -> None:
    a, b = NoteMaker('a', 'A'), NoteMaker('b', 'B')
    a.add('rollout-step', 'a1', release='26.2')
    a.add('rollout-step', 'a2', release='26.2')
    b.add('rollout-step', 'b1', release='26.10')
    b.add('rollout-step', 'b2', release='26.2', after=('a2',))
    b.add('rollout-step', 'b3')
    plan = table(graph_of(a, b), 'release-plan', releases=('26.2', '26.10'))
    assert steps_of(plan) == ['a1', 'a2', 'b2', 'b1', 'b3']


def test_a_step_waits_for_a_step_of_a_later_release_that_must_come_before() -> None:
    note = NoteMaker('a', 'A')
    note.add('rollout-step', 'first', release='2')
    note.add('rollout-step', 'second', release='1')
    assert steps_of(table(graph_of(note), 'release-plan', releases=('1', '2'))) == ['first', 'second']


def test_the_release_plan_leaves_out_what_is_done_or_closed_and_keeps_circles() -> None:
    note, old = NoteMaker('a', 'A'), NoteMaker('old', 'Old', status='implemented')
    old.add('rollout-step', 'never shown')
    note.add('rollout-step', 'done', done=datetime.date(2025, 1, 1))
    note.add('rollout-step', 'x', after=('y',))
    note.add('rollout-step', 'y', after=('x',))
    note.add('rollout-step', 'z', after=('done',))
    assert steps_of(table(graph_of(note, old), 'release-plan')) == ['x', 'y', 'z']


def test_the_release_plan_respects_what_stands_between_notes() -> None:
    a, b = NoteMaker('a', 'A', depends_on=('b',)), NoteMaker('b', 'B')
    a.add('rollout-step', 'a1', release='26.1')
    b.add('rollout-step', 'b1')
    rows = shown(table(graph_of(a, b), 'release-plan', releases=('26.1',)))
    assert rows == [
        {'#': '1', 'Step': 'b1', 'Note': 'B'},
        {'Release': '26.1', '#': '2', 'Step': 'a1', 'Note': 'A'},
    ]


def test_a_step_is_planned_for_the_release_of_what_stands_above_it() -> None:
    note = NoteMaker('a', 'A', release='26.1')
    note.add('rollout-step', 'a1', release='26.2')
    note.add('rollout-step', 'a2', release='26.1')
    rows = shown(table(graph_of(note), 'release-plan', releases=('26.1', '26.2')))
    assert [(row['Step'], row['Release']) for row in rows] == [('a1', '26.2'), ('a2', '26.2')]


def test_what_cannot_be_undone_is_marked_in_the_release_plan() -> None:
    note = NoteMaker('a', 'A')
    note.add('migration', 'Drop it', kind='contract')
    note.add('migration', 'Burn it', reversible=False)
    note.add('migration', 'Fill it', kind='backfill')
    note.add('rollout-step', 'drop', action='migrate', runs=('Drop it',))
    note.add('rollout-step', 'burn', action='migrate', runs=('Burn it',), rollback='pray')
    note.add('rollout-step', 'fill', action='backfill', runs=('Fill it',))
    note.add('rollout-step', 'remove', action='remove')
    note.add('rollout-step', 'remove with a way back', action='remove', rollback='restore the backup')
    assert {row['Step']: row.get('Way back') for row in shown(table(graph_of(note), 'release-plan'))} == {
        'drop': 'irreversible', 'burn': 'irreversible', 'fill': None, 'remove': 'irreversible',
        'remove with a way back': 'restore the backup',
    }  # fmt: skip


def test_promises_are_sorted_by_date_and_kept_once_the_thing_is_gone() -> None:
    note = NoteMaker('a', 'A', owners=('Team',))
    note.add('endpoint', 'GET /v1', change='deprecated', sunset=datetime.date(2027, 6, 30))
    note.add('feature-flag', 'f', owner='Kim', remove_by=datetime.date(2026, 1, 1))
    note.add('compatibility', 'Old clients', covers=('GET /v1',), until=datetime.date(2026, 12, 31))
    open_ = [
        {'Date': '2026-01-01', 'What': 'f', 'Promise': 'remove by', 'State': 'open', 'Owner': 'Kim', 'Note': 'A'},
        {
            'Date': '2026-12-31',
            'What': 'Old clients',
            'Promise': 'until',
            'State': 'open',
            'Owner': 'Team',
            'Note': 'A',
        },
        {'Date': '2027-06-30', 'What': 'GET /v1', 'Promise': 'sunset', 'State': 'open', 'Owner': 'Team', 'Note': 'A'},
    ]
    assert shown(table(graph_of(note), 'promises')) == open_
    gone = NoteMaker('b', 'B', status='implemented', depends_on=('a',))
    gone.add('endpoint', 'GET /v1', change='removed')
    note.add('rollout-step', 'Remove f', action='remove', removes=('f',), done=datetime.date(2026, 1, 2))
    assert shown(table(graph_of(note, gone), 'promises')) == [{**row, 'State': 'kept'} for row in open_]


def test_a_breaking_change_is_covered_by_what_covers_it_or_what_it_affects() -> None:
    note, other = NoteMaker('a', 'A'), NoteMaker('b', 'B')
    note.add('endpoint', 'GET /x', change='changed')
    note.add('breaking-change', 'Ids are strings', affects=('GET /x',), clients=('web', 'cli'))
    note.add('breaking-change', 'Nobody covers this')
    note.add('compatibility', 'Both forms', covers=('GET /x',))
    other.add('compatibility', 'Elsewhere', covers=('GET /x',))
    assert shown(table(graph_of(note, other), 'breaking-changes')) == [
        {
            'Change': 'Ids are strings',
            'Affects': 'GET /x',
            'Clients': 'web + cli',
            'Covered by': 'Both forms',
            'Note': 'A',
        },
        {'Change': 'Nobody covers this', 'Note': 'A'},
    ]


def test_a_name_that_nothing_answers_to_is_shown_without_a_link() -> None:
    note = NoteMaker('a', 'A')
    note.add('feature-flag', 'f', gates=('GET /nowhere',))
    found = table(graph_of(note), 'flags')
    gates = dict(zip([c.title for c in found.columns], found.rows[0].cells, strict=True))['Gates']
    assert [(part.text, part.target) for part in gates] == [('GET /nowhere', None)]


def test_the_age_of_a_note_is_told_only_where_the_time_of_the_build_is() -> None:
    graph = graph_of(quick_deploy())
    assert 'Age in days' not in shown(table(graph, 'notes'))[0]
    generated = datetime.datetime(2025, 9, 11, 23, 0, tzinfo=datetime.UTC)
    assert shown(table(graph, 'notes', generated=generated))[0]['Age in days'] == '10'


def test_a_kind_of_the_project_has_its_own_table_and_takes_the_name_of_no_other() -> None:
    vocabulary = extended_vocabulary(
        {
            'tests': {'label': 'Trial', 'options': {'change': {}, 'cost': {}, 'of': {'link': 'tries'}}},
            'risk': {'options': {'raised-by': {'type': 'names'}}},
        }
    )
    note = NoteMaker('a', 'A')
    risk = note.add('risk', 'It breaks', raised_by=('Kim', 'Lee'))
    note.add('tests', 'Try it', cost='low', of=(risk.id,), change='new')
    found = tables_of(graph_of(note, vocabulary=vocabulary), [], context_of())
    assert [t.name for t in found[len(STANDARD) :]] == ['tests-items', 'risk']
    assert shown(found[-2]) == [{'Trial': 'Try it', 'Change': 'new', 'Cost': 'low', 'Of': 'It breaks', 'Note': 'A'}]
    assert shown(found[-1]) == [{'Risk': 'It breaks', 'Raised by': 'Kim + Lee', 'Note': 'A'}]


def test_a_long_title_is_cut_and_its_text_not_repeated() -> None:
    note = NoteMaker('a', 'N' * 100_000)
    flag = note.add('feature-flag', 'f' * 100_000, id='f')
    note.add('test-case', 't' * 100_000, id='t', verifies=(flag.id,))
    graph = graph_of(note)
    longest = max(
        len(part.text)
        for found in tables_of(graph, [], context_of())
        for row in found.rows
        for cell in row.cells
        for part in cell
    )
    assert longest == CELL_LENGTH
    assert len(table_csv(table(graph, 'tests'), context_of())) < CELL_LENGTH + 3 * NAME_LENGTH + 100


@pytest.mark.parametrize(
    ('text', 'expected'),
    [
        ('plain', 'plain'), ('two\n lines\t here', 'two lines here'), ('nul \x00 esc \x1b', 'nul \ufffd esc \ufffd'),
        ('right-to-left \u202e override', 'right-to-left \ufffd override'), ('lone \ud800', 'lone \ufffd'),
        ('family 👨\u200d👩\u200d👧', 'family 👨\u200d👩\u200d👧'), ('abcdefghij' * 3, 'abcdefghijabcdefghi…'),
    ],
)  # fmt: skip
def test_text_is_made_fit_for_one_line(text: str, expected: str) -> None:
    assert cut(text, 30 if len(text) < 30 else 20) == expected


def test_the_order_in_which_notes_come_changes_no_table() -> None:
    notes = [quick_deploy()]
    for number in range(8):
        notes.append(NoteMaker(f'n{number}', 'Same title'))
        notes[-1].add('endpoint', 'GET /same', change='changed', sunset=datetime.date(2027, 1, 1))
        notes[-1].add('rollout-step', 'Deploy')
        notes[-1].add('alternative', 'Same')

    def written(graph: Graph) -> list[bytes]:
        context = context_of()
        return [write(t, context) for t in tables_of(graph, [], context) for write in (table_csv, table_markdown)]

    expected = written(graph_of(*notes))
    assert written(graph_of(*reversed(notes))) == expected
    assert written(graph_of(*notes[4:], *notes[:4])) == expected
