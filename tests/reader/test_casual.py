"""Notes that were written in a hurry: their own words for headings, shorthand for columns, flags, steps and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sphinxcontrib_designnote.grammar.profiles import load_profile
from sphinxcontrib_designnote.grammar.steps import read_step
from tests.reader.notes import Case, Read, Stated, both, case, endpoint, field, said

if TYPE_CHECKING:
    from tests.conftest import BuildProject


def none(line: int, slot: str) -> Stated:
    return said(line, 'no-impact', slot)


API, DATA = ('new-endpoints', 'changed-endpoints'), ('new-entities', 'modified-entities')
HEADINGS: dict[str, tuple[str, ...] | None] = {
    'REST': API,
    'REST things': API,
    'HTTP': API,
    'eps': API,
    'What clients see': API,
    'What does the API look like?': API,
    'CRD': DATA,
    'What do we store?': DATA,
    'What we keep': DATA,
    'mig': ('migration-story',),
    'Anything to migrate?': ('migration-story',),
    'Do we break anyone?': ('breaking-changes',),
    'Who may touch it': ('authorization',),
    'sec': ('security',),
    'Switch': ('feature-flags',),
    'How do we turn it on (and off)?': ('feature-flags',),
    'Plan': ('rollout',),
    'How we get there': ('rollout',),
    'Getting it out': ('rollout',),
    'Switching it on': ('rollout',),
    'When does it go out?': ('rollout',),
    'Operational considerations': ('rollout',),
    'Test considerations': ('testing',),
    'How do we know it works?': ('testing',),
    'Short version': ('approach',),
    'REST assured': None,
    'Switch to Kafka': None,
    'Plan B': None,
    'Ideas': None,
}


@pytest.mark.parametrize('heading', HEADINGS)
def test_casual_headings_are_those_of_the_template(heading: str) -> None:
    section = load_profile('design-note').section_of(heading)
    assert (section and section.slots) == HEADINGS[heading]


@pytest.mark.parametrize(
    ('heading', 'slots'),
    [
        ('3.1 Services added', ('new-endpoints',)),
        ('Services modified', ('changed-endpoints',)),
        ('Services withdrawn', ('changed-endpoints',)),
    ],
)
def test_services_are_endpoints_below_interfaces_only(heading: str, slots: tuple[str, ...]) -> None:
    section_of = load_profile('design-note').section_of
    found = section_of(heading, ('3. Interfaces',))
    assert (found and found.slots, section_of(heading)) == (slots, None)


CASES: dict[str, Case] = {
    'new in the sentence behind': case(
        'API', '- `POST /runs` kick off a run (new). Body follows\n- `GET /runs` also takes `page` (new)',
        endpoint(1, 'new', 'POST /runs', purpose='kick off a run (new). Body follows'),
        endpoint(2, 'changed', 'GET /runs', purpose='also takes `page` (new)'),
    ),
    'brand new and touched': case(
        'API', 'Brand new:\n\n- POST /jobs\n\nTouched:\n\n- GET /jobs',
        endpoint(3, 'new', 'POST /jobs'), endpoint(7, 'changed', 'GET /jobs'),
    ),
    'comments in code': case(
        'HTTP', '```\n# new\nPOST /jobs\n\n# changed\nGET /jobs\n# see below\nGET /runs\n```',
        endpoint(3, 'new', 'POST /jobs'), endpoint(6, 'changed', 'GET /jobs'), endpoint(8, None, 'GET /runs'),
    ),
    'a table below its name in bold': case(
        'Tables', '**jobs** (new)\n\n| Column | Type |\n|---|---|\n| id | uuid |',
        said(1, 'entity', 'jobs', 'new'), field(5, None, 'jobs.id', 'uuid'),
    ),
    'a table of what and type': case(
        'What do we store?', 'New collection `clips`:\n\n| what | type | |\n|---|---|---|\n| state | text | `a`, `b` |',
        said(1, 'entity', 'clips', 'new', kind_='collection'), field(5, None, 'clips.state', 'text'),
    ),
    'flags with a state': case(
        'flags', '- push_hours: off\n- push_digest: on, needs the other one',
        said(1, 'feature-flag', 'push_hours', 'new', default='off'),
        said(2, 'feature-flag', 'push_digest', 'new', default='on'),
    ),
    'a table with initial states': case(
        'Switches', '| Switch | Initial |\n|---|---|\n| `intake` | off |',
        said(3, 'feature-flag', 'intake', 'new', default='off'),
    ),
    'a table with states to start': case(
        'Flags', '| flag | to start |\n|---|---|\n| `intake` | on |',
        said(3, 'feature-flag', 'intake', 'new', default='on'),
    ),
    'a flag in a rollout': case(
        'Getting it out', 'Flag: `ramps` (default: off)\n\n1. Deploy the API',
        said(1, 'feature-flag', 'ramps', 'new', default='off'),
        said(3, 'rollout', 'Rollout'),
        said(3, 'rollout-step', 'Deploy the API', action='deploy', component='API'),
    ),
    'a flag in a sentence of a rollout': case(
        'Plan', 'All hides behind the flag `ramps`, which is off by default.\n\n1. Deploy the API',
        said(1, 'feature-flag', 'ramps', 'new', default='off'),
        said(3, 'rollout', 'Rollout'),
        said(3, 'rollout-step', 'Deploy the API', action='deploy', component='API'),
    ),
    'a rollout that speaks of a flag': case(
        'Plan', 'We enable `ramps` for all and then go home.\n\n1. Deploy the API',
        said(3, 'rollout', 'Rollout'),
        said(3, 'rollout-step', 'Deploy the API', action='deploy', component='API'),
    ),
    'nope': case('Do we break anyone?', 'Nope. Old apps show the text.', none(1, 'breaking-changes')),
    'a bullet: nope': case('breaking', '- nope', none(1, 'breaking-changes')),
    'none whatsoever': case('Breaking Changes', 'none whatsoever.', none(1, 'breaking-changes')),
    'not that I can see': case('Breaking Changes', 'Not that I can see.', none(1, 'breaking-changes')),
    'nobody is broken': case(
        'Breaking Changes', 'Nobody is broken by this as far as I can tell.', none(1, 'breaking-changes')
    ),
    'nobody but': case(
        'Breaking Changes', 'Nobody is broken by this, except the portal.',
        said(1, 'breaking-change', 'Nobody is broken by this, except the portal'),
    ),
    'nothing to migrate': case(
        'Anything to migrate?', 'Nothing to migrate, the field is optional.', none(1, 'migration-story')
    ),
    'a label elsewhere': case(
        'API', '- new: POST /jobs\n\nBreaking: no, old clients ignore it.\n\nNew: GET /jobs',
        endpoint(1, 'new', 'POST /jobs'), none(3, 'breaking-changes'), endpoint(5, 'new', 'GET /jobs'),
    ),
    'a label with a dash': case(
        'Endpoints', '- new: POST /jobs\n\nBreaking changes – none whatsoever.',
        endpoint(1, 'new', 'POST /jobs'), none(3, 'breaking-changes'),
    ),
    'a bullet among considerations': case('Security', '- Audit: none, the access log does', none(1, 'audit')),
    'a consideration without a limit': case(
        'Security', '- Rate limit: none, 40 users',
        said(1, 'security-consideration', 'Rate limit', topic='rate-limiting'),
    ),
    'a bullet below an undeclared heading': case('Wire', '- `POST /jobs` - start a job', problems=[('DN108', 0)]),
    'a bullet without code': case('Wire', '- [ ] GET, PUT /jobs/{id}', problems=[('DN108', 0)]),
    'one report for a heading': case('Wire', '- POST /jobs\n- GET /jobs', problems=[('DN108', 0)]),
    'a row': case(
        'Wire', '| Verb | Where |\n|---|---|\n| GET | /jobs |', problems=[('DN108', 0)]
    ),
    'code': case('Wire', '```\n# new\nPOST /jobs\n```', problems=[('DN108', 0)]),
    'SQL': case('Bits', '```sql\nCREATE TABLE jobs (id int);\n```', problems=[('DN108', 0)]),
    'a section within it is read': case(
        'Wire', 'Text.\n\n### New endpoints\n\n- POST /jobs', endpoint(5, 'new', 'POST /jobs')
    ),
    'what another section states': case(
        'Wire', '- POST /jobs/{id}\n\n## New endpoints\n\n- POST /jobs/{job_id}',
        endpoint(5, 'new', 'POST /jobs/{job_id}'),
    ),
    'prose and mentions': case('Wire', 'Clients call `POST /jobs`.\n\n- they call `GET /jobs` often\n- see /jobs'),
    'a request that is shown': case('Wire', '```\nPOST /jobs HTTP/1.1\nHost: example.org\n```'),
    'background': case('Background', '- POST /jobs is slow'),
    'today': case('What happens today', '- POST /jobs is slow'),
    'below background': case('Context', 'Text.\n\n### Load\n\n- POST /jobs is slow'),
    'questions': case('Open questions', '- POST /jobs or PUT /jobs?'),
    'an example': case('Example session', '1. POST /jobs'),
    'changes of a table elsewhere': case('Rollback', '```sql\nALTER TABLE jobs DROP COLUMN owner;\n```'),
}  # fmt: skip


@pytest.fixture(scope='module')
def read(build_once: BuildProject) -> Read:
    return Read(build_once, CASES)


@pytest.mark.parametrize(('name', 'syntax'), both(CASES))
def test_casual_notes_are_read(read: Read, name: str, syntax: str) -> None:
    assert (read.items(name, syntax), read.problems(name, syntax)) == (CASES[name].items, CASES[name].problems)


def test_an_undeclared_heading_is_reported_with_what_stands_below_it(read: Read) -> None:
    (problem,) = read.note('a bullet below an undeclared heading', 'md').problems
    assert problem.message == (
        "heading 'Wire' is no section of the profile, and 'POST /jobs' stands below it; use 'New Endpoints', "
        'or add the heading to a profile'
    )


STEPS = {
    '`intake` on for all (not on a Friday)': ('enable', 'on'),
    '`intake` on for beta testers': ('enable', 'beta testers'),
    'push_digest on': ('enable', 'on'),
    '`intake` off': ('disable', 'off'),
    'Migration (`20250402_regions`)': ('migrate', None),
    'mig 0231': ('migrate', None),
    'create the Cassandra tables': ('migrate', None),
    'rm flags (ticket PUSH-902)': ('remove', None),
    'API + bundle worker (flag off)': ('deploy', 'off'),
    'helm upgrade lease-controller, not enforcing': ('deploy', None),
    'Alembic upgrade on the server': ('migrate', None),
    'Migration desk is staffed': (None, None),
    'Care desk has been briefed': (None, None),
}


@pytest.mark.parametrize('text', STEPS)
def test_shorthand_says_what_a_step_does(text: str) -> None:
    found = read_step(text)
    assert (found.get('action'), found.get('flag_state')) == STEPS[text]


LEVELS = {
    '- ties are stable (unit)': 'unit',
    '- old client (manual, Venlo rig)': 'manual',
    '- 60k bins under 20 min (load)': 'load',
    '- pytest: nested ingredients': 'unit',
    '- Pen test: by the usual company': 'security',
    'pgTAP, all of these are unit level:\n\n- cap below the amount': 'unit',
    'And with the API up (Testcontainers):\n\n- manager gets 404': 'integration',
    '- two units are one (or more)': None,
}
TESTS = {text: case('Tests', text) for text in LEVELS}


@pytest.fixture(scope='module')
def tests(build_once: BuildProject) -> Read:
    return Read(build_once, TESTS)


@pytest.mark.parametrize(('text', 'syntax'), both(TESTS))
def test_casual_tests_have_a_level(tests: Read, text: str, syntax: str) -> None:
    levels = [item.fields.get('level') for item in tests.note(text, syntax).items if item.kind == 'test-case']
    assert levels == [LEVELS[text]]
