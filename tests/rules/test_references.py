"""DN2xx."""

from __future__ import annotations

import dataclasses

import pytest

from sphinxcontrib_designnote.diagnostics import SourceLocation
from sphinxcontrib_designnote.model.records import Mention
from sphinxcontrib_designnote.relations.graph import Link
from sphinxcontrib_designnote.rules.circles import circles
from sphinxcontrib_designnote.rules.near import one_letter_apart
from tests.support import check, findings, graph_of, note, said

REFERENCES = 'DN201 DN202 DN203 DN204 DN208 DN209 DN210 DN211 DN212'
POST_JOBS = said('endpoint', 'POST /jobs', change='new')


def test_clean_references_give_nothing() -> None:
    stated = note(
        'n',
        POST_JOBS,
        said('entity', 'Job', said('field', 'state: text', change='add'), change='modified'),
        said('feature-flag', 'jobs_enabled', gates='POST /jobs'),
        said('migration', 'Add state', entities='Job.state'),
        said('rollout-step', 'Prepare', runs='Add state'),
        said('rollout-step', 'Go', flag='jobs_enabled', after='Prepare'),
        said('test-case', 'Starts', verifies='POST /jobs, Job.state, jobs_enabled, Add state'),
    )
    assert check(REFERENCES, stated) == []


class TestDN201:
    def test_a_name_that_nothing_has_is_reported_once_per_place(self) -> None:
        stated = note('n', said('test-case', 'A', verifies='nothing at all'), said('test-case', 'B', verifies='nope'))
        assert check(REFERENCES, stated) == [('DN201', 'A'), ('DN201', 'B')]

    def test_the_finding_stands_at_the_option(self) -> None:
        (found,) = findings('DN201', note('n', said('rollout-step', 'A', action='deploy', after='B')))
        assert (found.location.line, found.message) == (
            4,
            "'after' names 'B', and no rollout step has that name; write the title or id of one that exists",
        )

    def test_the_message_names_the_nearest(self) -> None:
        stated = note('n', said('rollout-step', 'Deploy backend'), said('rollout-step', 'Go', after='Deploy bakcend'))
        assert [f.message for f in findings(REFERENCES, stated)] == [
            "'after' names 'Deploy bakcend', and no rollout step has that name; did you mean 'Deploy backend'?"
        ]

    def test_an_unknown_note_is_reported_on_the_note(self) -> None:
        assert check(REFERENCES, note('n', depends_on='elsewhere')) == [('DN201', 2)]

    def test_a_role_is_reported_at_its_line(self) -> None:
        role = Mention(kind=None, target='nothing', location=SourceLocation(path='n.md', line=9))
        assert check(REFERENCES, note('n', mentions=[role])) == [('DN201', 9)]

    def test_a_dead_note_is_told_too(self) -> None:
        assert check(REFERENCES, note('n', depends_on='elsewhere', status='rejected')) == [('DN201', 2)]
        assert check(REFERENCES, note('n', depends_on='elsewhere', status='implemented')) == [('DN201', 2)]

    def test_a_note_is_found_by_id_title_and_page(self) -> None:
        old = note('old', title='Old Things', docname='notes/old-page')
        assert check(REFERENCES, old, note('n', depends_on='old, Old Things, notes/old-page')) == []


class TestDN202:
    def test_the_second_of_two_items_with_one_id_is_reported(self) -> None:
        stated = note('n', said('endpoint', 'GET /x', id='a'), said('entity', 'X', id='a'))
        (found,) = findings(REFERENCES, stated)
        assert (found.code, found.location.line, [at.line for at in found.related]) == ('DN202', 5, [3])
        assert found.message == "id 'a' is taken by GET /x; give entity X another ':id:'"

    def test_an_id_used_three_times_is_one_finding(self) -> None:
        stated = note('n', *(said('entity', name, id='a') for name in 'XYZ'))
        assert [(f.code, f.location.line, len(f.related)) for f in findings('DN202', stated)] == [('DN202', 5, 2)]

    def test_ids_of_two_notes_are_compared(self) -> None:
        one, other = note('a', said('entity', 'X', id='x')), note('b', said('entity', 'Y', id='x'))
        assert [(f.note, f.location.path) for f in findings('DN202', one, other)] == [('b', 'b.md')]

    def test_an_item_must_not_have_the_id_of_a_note(self) -> None:
        assert [f.code for f in findings('DN202', note('n', said('entity', 'X', id='n'), id='n'))] == ['DN202']

    def test_two_notes_of_one_id_are_one_finding(self) -> None:
        notes = [note('same', said('entity', name), docname=name.lower()) for name in ('A', 'B')]
        assert [(f.code, f.docname) for f in findings('DN202', *notes)] == [('DN202', 'b')]

    def test_the_same_key_in_two_notes_is_no_duplicate(self) -> None:
        assert check('DN202', note('a', POST_JOBS), note('b', POST_JOBS)) == []


class TestDN203:
    def test_a_link_to_another_kind_is_reported(self) -> None:
        stated = note('n', said('feature-flag', 'a_flag', default='off'), said('rollout-step', 'Go', runs='a_flag'))
        (found,) = findings(REFERENCES, stated)
        assert (found.code, found.message) == (
            'DN203',
            "'runs' names 'a_flag', which is a feature flag; name a migration there, or use another option",
        )
        assert [at.line for at in found.related] == [2]

    def test_a_note_can_not_depend_on_an_item(self) -> None:
        stated = note('n', POST_JOBS, said('entity', 'Job', id='job'), depends_on='job')
        assert check(REFERENCES, stated) == [('DN203', 2)]

    def test_a_kind_before_the_name_decides(self) -> None:
        stated = note(
            'n',
            said('entity', 'users'),
            said('interface', 'users'),
            said('compatibility', 'Old clients', covers='entity:users, interface:users'),
        )
        assert check(REFERENCES, stated) == []

    def test_a_dead_note_is_told_too(self) -> None:
        stated = note(
            'n', said('feature-flag', 'a_flag'), said('rollout-step', 'Go', runs='a_flag'), status='withdrawn'
        )
        assert check(REFERENCES, stated) == [('DN203', 'Go')]


class TestDN204:
    def test_notes_that_depend_on_each_other_are_one_finding_at_the_first(self) -> None:
        notes = [note(name, depends_on=other) for name, other in ('ab', 'bc', 'ca')]
        (found,) = findings(REFERENCES, *notes)
        assert (found.code, found.note, found.location.line, len(found.related)) == ('DN204', 'a', 2, 2)
        assert found.message == "'depends-on' runs in a circle: a -> b -> c -> a; remove one of these links"

    def test_steps_flags_and_supersedes_are_looked_at_too(self) -> None:
        steps = note('s', said('rollout-step', 'A', after='B'), said('rollout-step', 'B', after='A'))
        flags = note(
            'f', said('feature-flag', 'f_one', requires='f_two'), said('feature-flag', 'f_two', requires='f_one')
        )
        one, two = note('one', supersedes='two'), note('two', supersedes='one')
        assert check(REFERENCES, steps, flags, one, two) == [('DN204', 'f_one'), ('DN204', 2), ('DN204', 'A')]

    def test_a_flag_is_one_flag_in_all_notes(self) -> None:
        one = note('a', said('feature-flag', 'f_one', requires='f_two'), said('feature-flag', 'f_two'))
        other = note('b', said('feature-flag', 'f_two', requires='f_one'))
        assert check(REFERENCES, one, other) == [('DN204', 'f_one')]

    def test_two_circles_are_two_findings(self) -> None:
        pairs = ('ab', 'ba', 'xy', 'yx')
        assert len(check('DN204', *(note(name, depends_on=other) for name, other in pairs))) == 2

    def test_a_diamond_is_no_circle(self) -> None:
        notes = [note('a', depends_on='b, c'), note('b', depends_on='d'), note('c', depends_on='d'), note('d')]
        assert check(REFERENCES, *notes) == []

    def test_links_of_two_types_make_no_circle(self) -> None:
        assert check(REFERENCES, note('a', depends_on='b'), note('b', supersedes='a')) == []

    def test_a_link_to_itself_is_a_circle(self) -> None:
        graph = graph_of(note('a'))
        link = Link(
            type='depends-on', source='a', target='a', resolved=True, location=SourceLocation(path='a.md', line=3)
        )
        found = findings('DN204', graph=dataclasses.replace(graph, links=(link,)))
        assert [f.message for f in found] == ["'depends-on' runs in a circle: a -> a; remove one of these links"]

    def test_a_very_long_circle_is_shown_in_part_and_needs_no_recursion(self) -> None:
        names = [f'n{number:05}' for number in range(5000)]
        graph = graph_of(
            *(note(name, depends_on=other) for name, other in zip(names, names[1:] + names[:1], strict=True))
        )
        (found,) = findings('DN204', graph=graph)
        assert found.message == (
            "'depends-on' runs in a circle: n00000 -> n00001 -> n00002 -> n00003 -> n00004 -> … -> n00000; "
            'remove one of these links'
        )

    def test_the_shortest_circle_through_the_first_is_shown(self) -> None:
        assert circles({'a': ['b', 'c'], 'b': ['c'], 'c': ['a'], 'x': ['a']}, str) == [['a', 'c']]
        assert circles({'a': ['b'], 'b': ['b']}, str) == [['b']]
        assert circles({'a': ['b'], 'b': ['c']}, str) == []


class TestDN208:
    def test_an_endpoint_that_nobody_declares_is_reported(self) -> None:
        assert check(REFERENCES, note('n', said('authorization', 'POST /ghost', roles='any'))) == [
            ('DN208', 'POST /ghost')
        ]

    def test_one_endpoint_of_a_note_is_one_finding_with_all_places(self) -> None:
        stated = note(
            'n',
            said('authorization', 'POST /ghost'),
            said('test-case', 'Test POST /ghost'),
            said('audit-event', 'ghost.seen', trigger='POST /ghost/'),
        )
        (found,) = findings(REFERENCES, stated)
        assert (found.code, found.location.line, [at.line for at in found.related]) == ('DN208', 2, [3, 5])

    def test_two_notes_and_two_endpoints_are_findings_of_their_own(self) -> None:
        a = note('a', said('authorization', 'POST /ghost'), said('authorization', 'PUT /spirit'))
        b = note('b', said('authorization', 'POST /ghost'))
        assert [c for c, _ in check(REFERENCES, a, b)] == ['DN208', 'DN208', 'DN208']

    def test_the_form_decides_where_several_kinds_are_accepted(self) -> None:
        stated = note('n', said('test-case', 'A', verifies='DELETE /ghost, /spirit'))
        assert [f.code for f in findings(REFERENCES, stated)] == ['DN208', 'DN208']

    def test_a_declaration_in_another_note_will_do_but_not_in_a_dead_one(self) -> None:
        using = note('using', said('authorization', 'POST /jobs'))
        assert check(REFERENCES, using, note('n', POST_JOBS)) == []
        assert check(REFERENCES, using, note('n', POST_JOBS, status='rejected')) == [('DN208', 'POST /jobs')]

    def test_what_is_known_needs_no_note(self) -> None:
        stated = note('n', said('authorization', 'POST /jobs/{id}'))
        graph = graph_of(stated, known={'endpoint': ['POST /jobs/{}']})
        assert findings(REFERENCES, graph=graph) == []

    def test_a_dead_note_is_not_told(self) -> None:
        assert check(REFERENCES, note('n', said('authorization', 'POST /ghost'), status='superseded')) == []

    def test_a_path_declared_without_a_method_has_any(self) -> None:
        bare = said('endpoint', '/jobs', incomplete=True)
        assert check(REFERENCES, note('n', bare, said('authorization', 'POST /jobs'))) == []

    def test_the_message_names_the_nearest(self) -> None:
        stated = note('n', said('endpoint', 'POST /api/auto-config'), said('authorization', 'POST /api/auto-cnofig'))
        assert [f.message for f in findings(REFERENCES, stated)] == [
            "POST /api/auto-cnofig is declared by no note; did you mean 'POST /api/auto-config'?"
        ]


class TestDN209:
    @pytest.mark.parametrize(
        ('declared', 'written', 'respect'),
        [
            ('POST /api/v1/jobs', 'POST /jobs', 'base path'),
            ('POST /jobs', 'POST /api/v1/jobs', 'base path'),
            ('POST /jobs', 'POST /job', 'case or plural'),
            ('GET /Jobs/{id}', 'GET /jobs/:id', 'case or plural'),
            ('POST /jobs', 'PUT /jobs', 'method'),
        ],
    )
    def test_a_mention_that_misses_in_one_respect_is_told_the_declared(
        self, declared: str, written: str, respect: str
    ) -> None:
        stated = note('n', said('endpoint', declared), said('authorization', written))
        (found,) = findings(REFERENCES, stated)
        assert (found.code, found.message) == (
            'DN209',
            f'{written} is declared nowhere, but {declared} is (another {respect}); write that',
        )
        assert [at.line for at in found.related] == [2]

    @pytest.mark.parametrize(
        ('declared', 'written'),
        [
            ('POST /v1/jobs', 'POST /v2/jobs'),
            ('POST /api/v1/jobs', 'POST /v2/jobs'),
            ('POST /jobs', 'PUT /job'),
            ('GET /jobs/{id}/state', 'GET /state'),
            ('GET /jobs', 'GET /tasks'),
        ],
    )
    def test_another_version_or_two_respects_are_another_endpoint(self, declared: str, written: str) -> None:
        stated = note('n', said('endpoint', declared), said('authorization', written))
        assert check(REFERENCES, stated) == [('DN208', written)]

    def test_plurals_in_ies_count(self) -> None:
        stated = note('n', said('endpoint', 'GET /categories'), said('authorization', 'GET /category'))
        assert check(REFERENCES, stated) == [('DN209', 'GET /category')]

    def test_one_endpoint_written_in_two_ways_is_one_finding(self) -> None:
        stated = note(
            'n',
            said('authorization', 'GET /ghosts/{id}'),
            said('test-case', 'Test GET /ghosts/:name'),
            said('test-case', 'Test GET /api/ghosts/<id>'),
            base_path='/api',
        )
        assert check(REFERENCES, stated) == [('DN208', 'GET /ghosts/{id}')]

    def test_a_base_path_of_the_note_is_no_mismatch(self) -> None:
        stated = note(
            'n', said('endpoint', 'POST /jobs'), said('authorization', 'POST /api/v1/jobs'), base_path='/api/v1'
        )
        assert check(REFERENCES, stated) == []


class TestDN210:
    def test_a_flag_that_no_note_declares_is_one_finding_in_a_note(self) -> None:
        stated = note(
            'n',
            said('endpoint', 'GET /x', flag='ghost_flag'),
            said('rollout-step', 'Go', flag='ghost_flag'),
            said('feature-flag', 'other', requires='ghost_flag'),
        )
        (found,) = findings(REFERENCES, stated)
        assert (found.code, found.location.line, [at.line for at in found.related]) == ('DN210', 3, [5, 7])
        assert found.message == "flag 'ghost_flag' is declared by no note; declare it, or list it in designnote_known"

    def test_a_flag_may_be_called_as_its_note(self) -> None:
        stated = note('n', said('endpoint', 'GET /x', flag='quick_deploy'), title='Quick deploy')
        assert check(REFERENCES, stated) == [('DN210', 'GET /x')]
        stated = note('n', said('endpoint', 'GET /x', flag='Quick deploy'), title='Quick deploy')
        assert check(REFERENCES, stated) == [('DN203', 'GET /x')]

    def test_a_declared_or_known_flag_is_content(self) -> None:
        stated = note('n', said('endpoint', 'GET /x', flag='a_flag, b_flag'), said('feature-flag', 'a_flag'))
        assert findings(REFERENCES, graph=graph_of(stated, known={'feature-flag': ['b_flag']})) == []


class TestDN211:
    def test_a_migration_of_an_unknown_entity_is_reported(self) -> None:
        stated = note('n', said('migration', 'M', entities='Ghost'), said('endpoint', 'GET /x', uses='Ghost'))
        (found,) = findings(REFERENCES, stated)
        assert (found.code, found.location.line, [at.line for at in found.related]) == ('DN211', 3, [5])

    def test_a_column_that_a_new_entity_does_not_have_is_reported(self) -> None:
        entity = said('entity', 'Job', said('field', 'state: text'), change='new')
        assert check(REFERENCES, note('n', entity, said('test-case', 'T', verifies='Job.colour'))) == [('DN211', 'T')]

    def test_a_column_of_an_entity_that_nobody_introduces_may_be_old(self) -> None:
        entity = said('entity', 'Job', said('field', 'state: text', change='add'), change='modified')
        assert check(REFERENCES, note('n', entity, said('endpoint', 'GET /x', uses='Job.created_at'))) == []

    def test_a_foreign_key_may_lead_anywhere(self) -> None:
        key = said('constraint', 'foreign key on user_id', references='users.id')
        assert check(REFERENCES, note('n', said('entity', 'Job', key, change='modified'))) == []


class TestDN212:
    @pytest.mark.parametrize('written', ['quick_deploy', 'QUICK-DEPLOYS', 'quick_depoy', 'quickDeploy'])
    def test_a_flag_that_is_nearly_declared_is_told_the_declared(self, written: str) -> None:
        stated = note('n', said('feature-flag', 'quick_deploys'), said('endpoint', 'GET /x', flag=written))
        assert check(REFERENCES, stated) == [('DN212', 'GET /x')]

    def test_two_letters_make_another_flag_and_a_hint(self) -> None:
        stated = note('n', said('feature-flag', 'quick_deploys'), said('endpoint', 'GET /x', flag='quick_depjoi'))
        assert [f.message for f in findings(REFERENCES, stated)] == [
            "flag 'quick_depjoi' is declared by no note; did you mean 'quick_deploys'?"
        ]

    def test_entities_columns_and_interfaces_are_compared_too(self) -> None:
        stated = note(
            'n',
            said('entity', 'Deployment', said('field', 'auto_configured: bool', change='add'), change='modified'),
            said('interface', 'JobStarted', kind_='event'),
            said('migration', 'M', entities='Deploymnt, Deployment.autoConfigured, auto_configurd'),
            said('breaking-change', 'B', affects='job_started'),
        )
        assert sorted(f.message for f in findings(REFERENCES, stated)) == [
            "'Deployment.autoConfigured' is declared nowhere, but field 'Deployment.auto_configured' is; write that",
            "'Deploymnt' is declared nowhere, but entity 'Deployment' is; write that",
            "'auto_configurd' is declared nowhere, but field 'auto_configured' is; write that",
            "'job_started' is declared nowhere, but interface 'JobStarted' is; write that",
        ]
        assert {f.code for f in findings(REFERENCES, stated)} == {'DN212'}

    def test_a_near_name_where_anything_is_accepted_is_one_finding(self) -> None:
        stated = note('n', said('feature-flag', 'quick_deploy'), said('test-case', 'T', verifies='quick-deploy'))
        assert check(REFERENCES, stated) == [('DN212', 'T')]

    def test_a_field_of_a_request_is_no_column(self) -> None:
        endpoint = said('endpoint', 'POST /x', said('field', 'auto_config: bool'))
        stated = note('n', endpoint, said('migration', 'M', entities='auto_confg'))
        assert check(REFERENCES, stated) == [('DN211', 'M')]

    def test_a_column_without_its_table_is_one_of_the_same_note(self) -> None:
        entity = said('entity', 'Job', said('field', 'state: text', change='add'), change='new')
        using = said('migration', 'M', entities='stat')
        assert check(REFERENCES, note('n', entity, using)) == [('DN212', 'M')]
        assert check(REFERENCES, note('n', entity), note('other', using)) == [('DN211', 'M')]

    def test_figures_and_short_names_make_other_names(self) -> None:
        stated = note(
            'n',
            said('feature-flag', 'checkout_v1'),
            said('feature-flag', 'abc'),
            said('endpoint', 'GET /x', flag='checkout_v2, abd'),
        )
        assert [f.code for f in findings(REFERENCES, stated)] == ['DN210', 'DN210']

    def test_status_is_no_plural(self) -> None:
        entity = said('entity', 'Job', said('field', 'state: text', change='drop'), change='modified')
        assert check(REFERENCES, note('n', entity, said('endpoint', 'GET /x', uses='Job.status'))) == []

    def test_one_letter_apart(self) -> None:
        assert one_letter_apart('deployment', 'deploymen')
        assert one_letter_apart('deployment', 'xdeployment')
        assert one_letter_apart('deployment', 'deploiment')
        assert not one_letter_apart('deployment', 'deploymnet')
        assert not one_letter_apart('deployment', 'deplo')
        assert not one_letter_apart('version1', 'version2')


class TestDN205:
    @pytest.mark.parametrize(
        ('old', 'new', 'severity'),
        [
            ('accepted', 'in-review', 'info'),
            ('implemented', 'accepted', 'info'),
            ('accepted', 'accepted', 'warning'),
            ('implemented', 'superseded', 'warning'),
        ],
    )
    def test_what_waits_for_another_note_is_info(self, old: str, new: str, severity: str) -> None:
        found = findings('DN205', note('old', status=old), note('new', status=new, supersedes='old'))
        assert [str(f.severity) for f in found if f.note == 'old'] == [severity]

    def test_a_longer_circle_is_left_to_dn204(self) -> None:
        notes = [note(name, supersedes=other, status='accepted') for name, other in ('ab', 'bc', 'ca')]
        assert check('DN204 DN205', *notes) == [('DN204', 2)]

    def test_what_is_known_without_a_note_may_supersede(self) -> None:
        graph = graph_of(note('old', status='superseded', superseded_by='new'), known={'design-note': ['new']})
        assert findings('DN201 DN205', graph=graph) == []
