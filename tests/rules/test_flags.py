"""DN601 to DN606 and DN609."""

from __future__ import annotations

import pytest

from tests.support import Said, check, note, said

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
