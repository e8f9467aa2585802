"""DN601 to DN606 and DN609."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support import Said, check, findings, note, said

FLAG = said('feature-flag', 'jobs_flag', default='off')
ENABLE = said('rollout-step', 'Enable `jobs_flag`', action='enable', flag_state='on')


def deploy(title: str = 'Deploy backend', **options: str) -> Said:
    return said('rollout-step', title, action='deploy', **options)


class TestFlags:
    NEW = said('feature-flag', 'a_flag')
    COMPLETE = said('feature-flag', 'a_flag', default='off', owner='team', remove_by='2027-01-01')

    def test_a_new_flag_without_default_owner_and_removal(self) -> None:
        assert check('DN601 DN602 DN603', note('n', self.NEW)) == [
            ('DN601', 'a_flag'),
            ('DN602', 'a_flag'),
            ('DN603', 'a_flag'),
        ]

    def test_a_complete_flag_gives_nothing(self) -> None:
        assert check('DN601 DN602 DN603 DN606', note('n', self.COMPLETE)) == []

    @pytest.mark.parametrize('change', ['changed', 'removed', 'existing'])
    def test_a_flag_that_is_not_new_is_left_alone(self, change: str) -> None:
        assert check('DN601 DN602 DN603', note('n', said('feature-flag', 'a_flag', change=change))) == []

    def test_the_second_note_that_speaks_of_a_flag_does_not_introduce_it(self) -> None:
        notes = (note('a', self.COMPLETE), note('b', self.NEW))
        assert check('DN601 DN602 DN603', *notes) == []

    def test_of_a_flag_of_which_something_was_lost_nothing_is_asked(self) -> None:
        assert check('DN601 DN602 DN603', note('n', said('feature-flag', 'a_flag', incomplete=True))) == []

    @pytest.mark.parametrize('flag_type', ['ops', 'permission'])
    def test_a_lasting_flag_needs_no_removal(self, flag_type: str) -> None:
        assert check('DN603', note('n', said('feature-flag', 'a_flag', flag_type=flag_type))) == []
        assert check('DN603', note('n', said('feature-flag', 'a_flag', flag_type='experiment'))) == [
            ('DN603', 'a_flag')
        ]

    def test_a_step_that_removes_the_flag_will_do(self) -> None:
        step = said('rollout-step', 'Remove `a_flag`', action='remove')
        other = said('rollout-step', 'Remove the old page', action='remove')
        assert check('DN603', note('n', self.NEW, step)) == []
        assert check('DN603', note('n', self.NEW, other)) == [('DN603', 'a_flag')]


class TestDN606:
    def test_a_flag_that_stays_off_is_reported(self) -> None:
        assert check('DN606', note('n', FLAG, deploy())) == [('DN606', 'jobs_flag')]

    def test_without_a_rollout_nothing_is_said(self) -> None:
        assert check('DN606', note('n', FLAG)) == []

    @pytest.mark.parametrize(
        'step',
        [
            ENABLE,
            said('rollout-step', 'Enable the feature flag for beta users', action='enable', flag_state='beta users'),
            said('rollout-step', 'Go live', flag='jobs_flag', flag_state='on'),
            said('rollout-step', 'Enable for everybody', action='enable', flag_state='on'),
        ],
    )
    def test_a_step_that_turns_it_on_for_somebody_will_do(self, step: Said) -> None:
        assert check('DN606', note('n', FLAG, deploy(), step)) == []

    @pytest.mark.parametrize(
        'step',
        [
            said('rollout-step', 'Disable `jobs_flag`', action='disable', flag_state='off'),
            said('rollout-step', 'Keep it off', flag='jobs_flag', flag_state='off'),
            said('rollout-step', 'Enable `other_flag`', action='enable', flag_state='on'),
        ],
    )
    def test_a_step_that_turns_it_off_or_another_on_will_not(self, step: Said) -> None:
        other = said('feature-flag', 'other_flag', default='on')
        assert check('DN606', note('n', FLAG, other, step)) == [('DN606', 'jobs_flag')]

    def test_a_step_that_names_the_flag_only_does_not_turn_it_on(self) -> None:
        step = said('rollout-step', 'Prepare', flag='jobs_flag')
        assert check('DN606', note('n', FLAG, step)) == [('DN606', 'jobs_flag')]

    def test_an_unnamed_flag_is_the_only_one_and_is_enabled(self) -> None:
        other = said('feature-flag', 'other_flag', default='on')
        step = said('rollout-step', 'Enable for everybody', action='enable', flag_state='on')
        assert check('DN606', note('n', FLAG, other, step)) == [('DN606', 'jobs_flag')]
        step = deploy('Deploy backend', flag_state='on')
        assert check('DN606', note('n', FLAG, step)) == [('DN606', 'jobs_flag')]

    def test_a_flag_that_is_on_or_lasting_or_old_is_left_alone(self) -> None:
        stated = note(
            'n',
            said('feature-flag', 'a_flag', default='on'),
            said('feature-flag', 'b_flag', default='off', flag_type='ops'),
            said('feature-flag', 'c_flag', default='off', change='existing'),
            said('feature-flag', 'd_flag'),
            deploy(),
        )
        assert check('DN606', stated) == []


class TestMessages:
    @pytest.mark.parametrize(
        ('code', 'stated', 'message'),
        [
            (
                'DN604',
                said('feature-flag', 'a_flag', remove_by='2020-01-31'),
                "flag 'a_flag' was to be removed by 2020-01-31, and is not; remove it, or give it a new ':remove-by:'",
            ),
            (
                'DN605',
                said('feature-flag', 'a_flag'),
                "flag 'a_flag' gates nothing; name what is behind it in ':gates:', or the flag there in ':flag:'",
            ),
            (
                'DN609',
                said('feature-flag', 'a_flag', default='on'),
                "flag 'a_flag' is on by default; turn it off and enable it by a rollout step, "
                "or add ':flag-type: ops' if it is a switch for emergencies",
            ),
        ],
    )
    def test_of_one_flag(self, code: str, stated: Said, message: str) -> None:
        assert [f.message for f in findings(code, note('n', stated))] == [message]

    def test_of_a_flag_that_another_note_will_remove(self) -> None:
        flag = note('a', said('feature-flag', 'a_flag', remove_by='2020-01-31'), status='implemented')
        removal = note('b', said('feature-flag', 'a_flag', change='removed'))
        (found,) = findings('DN604', flag, removal)
        assert found.message == (
            "flag 'a_flag' was to be removed by 2020-01-31, and is not; carry out the note that removes it"
        )
        assert [at.path for at in found.related] == ['b.md']


class TestStatedTwice:
    """What one statement on a flag says need not be said by the other."""

    def test_a_flag(self) -> None:
        step = deploy()
        first = said('feature-flag', 'a_flag', default='off', flag_type='release')
        removed = said('feature-flag', 'a_flag', remove_by='2027-01-01')
        told = said('feature-flag', 'a_flag', when_disabled='The page is hidden')
        assert check('DN603 DN605 DN606', note('n', first, removed, told, step)) == [('DN606', 'a_flag')]
        assert check('DN603 DN605 DN606', note('n', first, step)) == [
            ('DN603', 'a_flag'),
            ('DN605', 'a_flag'),
            ('DN606', 'a_flag'),
        ]


class TestDN604:
    FLAG = note('a', said('feature-flag', 'a_flag', remove_by='2020-01-31'), created='2019-01-01')

    @pytest.mark.parametrize('done', ['yes', '2020-01-20', '2026-01-01'])
    @pytest.mark.parametrize('status', ['accepted', 'implemented'])
    def test_a_step_that_is_done_removes_the_flag(self, done: str, status: str) -> None:
        step = said('rollout-step', 'Clean up', action='remove', removes='a_flag', done=done)
        assert check('DN604', self.FLAG, note('b', step, status=status)) == []

    def test_a_step_of_an_implemented_note_is_done(self) -> None:
        step = said('rollout-step', 'Clean up', action='remove', removes='a_flag')
        assert check('DN604', self.FLAG, note('b', step, status='implemented')) == []
        assert check('DN604', self.FLAG, note('b', step, status='accepted')) == [('DN604', 'a_flag')]

    def test_a_step_of_a_rejected_note_and_one_that_is_to_be_done_are_not(self) -> None:
        done = said('rollout-step', 'Clean up', action='remove', removes='a_flag', done='yes')
        planned = said('rollout-step', 'Clean up', action='remove', removes='a_flag', done='2099-01-01')
        assert check('DN604', self.FLAG, note('b', done, status='rejected')) == [('DN604', 'a_flag')]
        assert check('DN604', self.FLAG, note('b', planned)) == [('DN604', 'a_flag')]


class TestDN605:
    ENDPOINT = said('endpoint', 'POST /jobs', change='new')

    @pytest.mark.parametrize('kind', ['endpoint', 'interface', 'entity', 'approach', 'migration', 'compatibility'])
    def test_the_words_of_what_may_be_gated_gate_it(self, kind: str) -> None:
        argument = {'endpoint': 'GET /jobs', 'approach': ''}.get(kind, 'jobs')
        stated = said(kind, argument, body='Only where `jobs_flag` is on.')
        assert (
            check('DN605', note('n', FLAG, said('feature-flag', 'other_flag', body='Shows the other page'), stated))
            == []
        )

    @pytest.mark.parametrize('body', ['Only where `other_jobs_flag` is on.', 'Only where the flag is on.'])
    def test_another_name_or_one_of_two_flags_does_not(self, body: str) -> None:
        other = said('feature-flag', 'other_flag', when_enabled='The other page is shown')
        endpoint = said('endpoint', 'POST /jobs', change='new', body=body)
        assert check('DN605', note('n', FLAG, other, endpoint)) == [('DN605', 'jobs_flag')]

    def test_prose_of_the_section_may_be_about_it(self) -> None:
        stated = note('n', FLAG, self.ENDPOINT)
        assert check('DN605', stated) == [('DN605', 'jobs_flag')]
        assert check('DN605', replace(stated, prose={'feature-flags': 'Off, the call answers 404.'})) == []
        assert check('DN605', replace(stated, prose={'feature-flags': 'See below.'})) == [('DN605', 'jobs_flag')]

    def test_nothing_is_asked_of_a_flag_of_which_something_was_lost(self) -> None:
        assert check('DN605', note('n', said('feature-flag', 'jobs_flag', incomplete=True))) == []


class TestDN609:
    @pytest.mark.parametrize('name', ['jobs_kill_switch', 'legacy_jobs', 'old_jobs', 'emergency_stop'])
    def test_a_switch_by_its_name_is_left_alone(self, name: str) -> None:
        assert check('DN609', note('n', said('feature-flag', name, default='on'))) == []

    @pytest.mark.parametrize('name', ['folders', 'threshold_alerts', 'skills'])
    def test_a_name_that_only_looks_like_it_is_not(self, name: str) -> None:
        assert check('DN609', note('n', said('feature-flag', name, default='on'))) == [('DN609', name)]
