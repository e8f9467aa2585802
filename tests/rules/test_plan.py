"""DN613 to DN615: what examples of notes can't show."""

from __future__ import annotations

import pytest

from tests.support import Said, check, findings, note, said

REQUIRING = said('feature-flag', 'f', default='off', requires='g')
REQUIRED = said('feature-flag', 'g', default='off')


def on(flag: str, **options: str) -> Said:
    return said('rollout-step', f'{flag} on', action='enable', flag=flag, flag_state='on', **options)


def off(flag: str, **options: str) -> Said:
    return said('rollout-step', f'{flag} off', action='disable', flag=flag, **options)


class TestDN613:
    def test_the_message_names_both_flags_and_the_step_that_has_to_come_first(self) -> None:
        (found,) = findings('DN613', note('n', REQUIRING, REQUIRED, on('f'), on('g')))
        assert found.message == (
            "step 'f on' turns flag 'f' on while flag 'g', which it requires, is off; move it below 'g on'"
        )
        assert (found.location.line, [at.line for at in found.related]) == (7, [11, 4])

    def test_without_a_step_to_move_below_one_is_asked_for(self) -> None:
        (found,) = findings('DN613', note('n', REQUIRING, REQUIRED, on('g'), off('g'), on('f')))
        assert found.message.endswith("is off; add a step that enables 'g' before")

    def test_the_message_of_a_flag_that_is_turned_off_under_another(self) -> None:
        (found,) = findings('DN613', note('n', REQUIRING, REQUIRED, on('g'), on('f'), off('g')))
        assert found.message == (
            "step 'g off' turns flag 'g' off while flag 'f', which requires it, is on; disable 'f' before"
        )

    def test_the_message_of_a_flag_that_outlives_one_that_it_requires(self) -> None:
        early = said('feature-flag', 'g', remove_by='2026-03-01')
        late = said('feature-flag', 'f', requires='g', remove_by='2026-06-01')
        (found,) = findings('DN613', note('n', early, late))
        assert found.message == (
            "flag 'f' is there until 2026-06-01, and flag 'g', which it requires, until 2026-03-01; "
            'remove it first, or keep the other'
        )

    @pytest.mark.parametrize(
        'items',
        [
            (REQUIRING, REQUIRED, on('g', done='2026-01-01'), on('f')),
            (REQUIRING, REQUIRED, on('f', done='yes'), on('g')),
            (REQUIRING, said('feature-flag', 'g', change='existing'), on('f')),
            (REQUIRING, said('feature-flag', 'g'), on('f')),
            (
                REQUIRING,
                REQUIRED,
                on('g'),
                on('f'),
                said('rollout-step', 'gone', action='remove', removes='f'),
                off('g'),
            ),
            (said('feature-flag', 'f', requires='g'), said('feature-flag', 'g', requires='f'), on('f'), on('g')),
            (said('feature-flag', 'f', requires='f'), on('f')),
        ],
        ids=['on already', 'done is done', 'old flag', 'no default', 'removed', 'a circle', 'itself'],
    )
    def test_nothing_is_said_of_what_is_so_or_done_or_not_known(self, items: tuple[Said, ...]) -> None:
        assert check('DN613', note('n', *items)) == []

    def test_a_flag_that_somebody_turns_on_later_was_off_before(self) -> None:
        items = (REQUIRING, said('feature-flag', 'g', change='existing'), on('f'), on('g'))
        assert check('DN613', note('n', *items)) == [('DN613', 'f on')]

    def test_what_dead_notes_say_and_do_does_not_count(self) -> None:
        notes = note('a', REQUIRED, on('f')), note('b', REQUIRING, on('g'), status='rejected')
        assert check('DN613', *notes, note('c', said('feature-flag', 'f', default='off'))) == []

    def test_several_statements_of_one_requirement_are_one(self) -> None:
        notes = note('a', REQUIRING, REQUIRED, on('f'), on('g')), note('b', said('feature-flag', 'f', requires='g'))
        assert check('DN613', *notes) == [('DN613', 'f on')]


class TestDN614:
    def test_the_message_and_the_related_places(self) -> None:
        flag = said('feature-flag', 'f', when_disabled='The portal calls GET /old')
        endpoint = said('endpoint', 'GET /old', change='removed')
        drop = said('rollout-step', 'Remove GET /old', action='remove')
        removal = said('rollout-step', 'Remove `f`', action='remove')
        (found,) = findings('DN614', note('n', flag, endpoint, drop, removal))
        assert found.message == (
            "step 'Remove GET /old' drops GET /old, which the off state of flag 'f' uses; "
            'move it below the step that removes the flag'
        )
        assert (found.location.line, [at.line for at in found.related]) == (6, [2, 8])
        (found,) = findings('DN614', note('n', flag, endpoint, drop))
        assert found.message.endswith("the off state of flag 'f' uses; remove the flag before")

    @pytest.mark.parametrize(
        ('said_when_off', 'count'),
        [
            ('Calls go to GET /old', 1),
            ('Nothing is shown. Old clients use GET /old', 1),
            ('GET /old answers 404', 0),
            ('GET /old is not called', 0),
            ('The button is hidden', 0),
        ],
    )
    def test_the_off_state_uses_what_it_names_and_does_not_refuse(self, said_when_off: str, count: int) -> None:
        flag = said('feature-flag', 'f', when_disabled=said_when_off)
        endpoint = said('endpoint', 'GET /old', change='removed')
        drop = said('rollout-step', 'Remove GET /old', action='remove')
        assert len(check('DN614', note('n', flag, endpoint, drop))) == count

    def test_what_the_flag_also_gates_is_no_way_back(self) -> None:
        flag = said('feature-flag', 'f', gates='GET /old', when_disabled='GET /old still answers from the cache')
        endpoint = said('endpoint', 'GET /old', change='removed')
        drop = said('rollout-step', 'Remove GET /old', action='remove')
        assert check('DN614', note('n', flag, endpoint, drop)) == []

    def test_what_is_done_is_done(self) -> None:
        flag = said('feature-flag', 'f', when_disabled='The portal calls GET /old')
        endpoint = said('endpoint', 'GET /old', change='removed')
        drop = said('rollout-step', 'Remove GET /old', action='remove', done='yes')
        assert check('DN614', note('n', flag, endpoint, drop)) == []

    def test_a_drop_before_any_deployment_is_the_business_of_another_rule(self) -> None:
        flag = said('feature-flag', 'f', when_disabled='Prices come from `price`')
        entity = said('entity', 'Order', said('field', 'price: int', change='drop'), change='modified')
        migration = said('migration', 'Drop price', entities='Order.price', kind_='contract')
        drop = said('rollout-step', 'Drop it', action='migrate', runs='Drop price')
        deploy = said('rollout-step', 'Deploy backend', action='deploy')
        assert check('DN614', note('n', flag, entity, migration, drop, deploy)) == []
        assert check('DN614', note('n', flag, entity, migration, deploy, drop)) == [('DN614', 'Drop it')]

    def test_a_step_that_brings_the_new_column_too_is_the_business_of_another_rule(self) -> None:
        flag = said('feature-flag', 'f', when_disabled='Prices come from `price`')
        columns = said('field', 'price: int', change='drop'), said('field', 'price_cents: int', change='add')
        entity = said('entity', 'Order', *columns, change='modified')
        migration = said('migration', 'Add price_cents and drop price')
        deploy = said('rollout-step', 'Deploy backend', action='deploy')
        both = said('rollout-step', 'Run it', action='migrate')
        assert check('DN614', note('n', flag, entity, migration, deploy, both)) == []

    def test_of_two_new_flags_neither_replaces(self) -> None:
        new, old = said('endpoint', 'POST /exports', change='new', flag='f'), said('endpoint', 'GET /export')
        deprecated = said('endpoint', 'GET /export', change='deprecated')
        flags = said('feature-flag', 'f', change='new'), said('feature-flag', 'h', change='new')
        drop = said('rollout-step', 'Remove GET /export', action='remove')
        assert check('DN614', note('a', old), note('n', new, deprecated, flags[0], drop)) == [
            ('DN614', 'Remove GET /export')
        ]
        assert check('DN614', note('a', old), note('n', new, deprecated, *flags, drop)) == []


class TestDN615:
    def test_the_messages(self) -> None:
        gone = said('endpoint', 'GET /old', change='removed')
        breaking = said('breaking-change', 'Numbers for states')
        announce = said('rollout-step', 'Announce it', action='announce')
        assert [f.message for f in findings('DN615', note('n', gone, breaking, announce))] == [
            "no rollout step removes GET /old; add one, or name it in a step's ':removes:'",
            "no rollout step carries out breaking change 'Numbers for states'; add the one that brings it out",
        ]

    def test_a_breaking_change_about_what_is_removed_is_no_second_finding(self) -> None:
        gone = said('endpoint', 'GET /old', change='removed')
        breaking = said('breaking-change', 'It is gone', affects='GET /old')
        announce = said('rollout-step', 'Announce it', action='announce')
        assert check('DN615', note('n', gone, breaking, announce)) == [('DN615', 'GET /old')]

    def test_in_a_draft_it_is_info(self) -> None:
        gone = said('endpoint', 'GET /old', change='removed')
        announce = said('rollout-step', 'Announce it', action='announce')
        found = findings('DN615', note('n', gone, announce, status='draft'))
        assert [str(finding.severity) for finding in found] == ['info']

    def test_a_step_that_names_another_thing_is_not_about_this_one(self) -> None:
        gone = said('endpoint', 'GET /old', change='removed')
        other = said('endpoint', 'GET /other', change='removed')
        assert check('DN615', note('n', gone, other, said('rollout-step', 'Without GET /other'))) == [
            ('DN615', 'GET /old')
        ]
        assert check('DN615', note('n', gone, other, said('rollout-step', 'Without the old ones'))) == []
