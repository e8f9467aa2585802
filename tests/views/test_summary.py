"""What an impact-summary says of a note."""

from __future__ import annotations

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.records import Note, View
from sphinxcontrib_designnote.views.content import Fields, Paragraph, Sources
from sphinxcontrib_designnote.views.summary import make_summary
from tests.unit.make import graph, item, page


def said(note: Note, *others: Note) -> list[str]:
    view = View(name='impact-summary', argument='', options={}, location=SourceLocation(path='n.md', line=1))
    (part,) = make_summary(view, note, Sources(graph(note, *others)))
    if isinstance(part, Paragraph):
        return [''.join(cell.text for cell in part.cells)]
    assert isinstance(part, Fields)
    return [
        f'{field.label} | {line.lead} | {", ".join(cell.text for cell in line.cells)}'
        for field in part.fields
        for line in field.lines
    ]


FULL = page(
    'full',
    item('endpoint', 'GET /a', change='deprecated'),
    item('endpoint', 'POST /b', change='new', roles='editor, admin'),
    item('endpoint', 'GET /c', change='new'),
    item('interface', 'b.made', kind='event', change='changed'),
    item('breaking-change', 'No more a', affects='GET /a', sunset='2027-01-31'),
    item('entity', 'users', item('field', 'email: text', change='add', pii='yes'), item('field', 'old', change='drop'),
         change='modified'),
    item('entity', 'bees', item('field', 'name: text'), change='new'),
    item('migration', 'Add email', reversible='no'),
    item('authorization', 'GET /c', public='yes'),
    item('audit-event', 'b.made', change='new'),
    item('security-consideration', 'Rate limits', topic='rate-limiting'),
    item('feature-flag', 'bees_on', default='off', remove_by='2027-06-30'),
    item('rollout-step', 'Deploy', action='deploy', done='2026-01-01'),
    item('rollout-step', 'Run the migration', action='migrate'),
    item('test-plan', 'unit', body='- Test POST /b\n- Test GET /c'),
    item('test-plan', 'e2e', body='- Test bees'),
    item('no-impact', 'compatibility', body='Nothing runs yet'),
    status='draft',
)  # fmt: skip


def test_each_part_of_the_template_is_summed_up() -> None:
    assert said(FULL) == [
        'API | New | POST /b, GET /c',
        'API | Changed | b.made',
        'API | Deprecated | GET /a',
        'API | Breaking | No more a (until 2027-01-31)',
        'Data | New | bees',
        'Data | Changed | users',
        'Data | Columns added | users.email, bees.name',
        'Data | Columns dropped | users.old',
        'Data | Migrations | Add email',
        'Security | Roles | editor, admin',
        'Security | Public | GET /c',
        'Security | Access not stated | b.made',
        'Security | Audit | b.made',
        'Security | Personal data | users.email',
        'Security | Considered | Rate limits',
        'Rollout | Flags | bees_on (off, remove by 2027-06-30)',
        'Rollout | Steps | 2, 1 of them done',
        'Rollout | No way back | Run the migration',
        'Tests | Tests | 2 unit, 1 e2e',
        'Tests | Not tested | b.made, bees_on',
        'No impact |  | compatibility',
    ]


def test_what_is_not_said_has_no_line() -> None:
    assert said(page('one', item('endpoint', 'GET /a', change='existing'))) == ['API | Used as it is | GET /a']


def test_a_note_without_items_says_so() -> None:
    assert said(page('none')) == ['This page states nothing.']


def test_a_test_in_another_note_covers_too() -> None:
    one = page('one', item('endpoint', 'GET /a', change='new', roles='any'))
    two = page('two', item('test-case', 'Test a', level='unit', verifies='GET /a'))
    assert said(one, two) == ['API | New | GET /a', 'Security | Roles | any']
