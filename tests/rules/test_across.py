"""DN8xx: what whole notes in ``cases/`` do not show."""

from __future__ import annotations

import pytest

from sphinxcontrib_designnote.model.records import Note
from tests.support import Said, check, findings, graph_of, note, said


def endpoint(change: str, target: str = 'GET /x', **options: str) -> Said:
    return said('endpoint', target, change=change, **options)


def jobs(*parts: Said, change: str = 'modified') -> Said:
    return said('entity', 'jobs', *parts, change=change)


def column(declared: str, **options: str) -> Said:
    return said('field', declared, **{'change': 'add', **options})


class TestDN801:
    def test_the_message_names_the_other_note(self) -> None:
        (found,) = findings('DN801', note('a', endpoint('new'), title='First'), note('b', endpoint('new')))
        assert found.message == (
            "GET /x is introduced by note 'First' too; keep one of them, or let this note depend on that"
        )
        assert (found.note, [(at.path, at.line) for at in found.related]) == ('b', [('a.md', 2)])

    def test_each_later_note_is_a_finding(self) -> None:
        notes = [note(name, endpoint('new')) for name in 'abc']
        assert [(f.note, f.related[0].path) for f in findings('DN801', *notes)] == [('b', 'a.md'), ('c', 'a.md')]

    @pytest.mark.parametrize(
        'links', [{'depends_on': 'a'}, {'supersedes': 'a'}, {'superseded_by': 'a'}, {'depends_on': 'm'}]
    )
    def test_notes_that_know_of_each_other_are_left_alone(self, links: dict[str, str]) -> None:
        middle = note('m', depends_on='a')
        assert check('DN801', note('a', endpoint('new')), middle, note('b', endpoint('new'), **links)) == []

    def test_knowing_one_is_not_knowing_another(self) -> None:
        notes = [note('a', endpoint('new')), note('b', endpoint('new')), note('c', endpoint('new'), depends_on='a, b')]
        assert [f.note for f in findings('DN801', *notes)] == ['b']
        common = [note('a'), *(note(name, endpoint('new'), depends_on='a') for name in 'bc')]
        assert [f.note for f in findings('DN801', *common)] == ['c']

    @pytest.mark.parametrize(
        ('first', 'second', 'codes'),
        [
            ('changed', 'removed', ['DN801']),
            ('removed', 'changed', ['DN801']),
            ('removed', 'removed', []),
            ('changed', 'changed', []),
            ('existing', 'new', []),
            ('deprecated', 'removed', []),
        ],
    )
    def test_which_changes_are_in_conflict(self, first: str, second: str, codes: list[str]) -> None:
        found = findings('DN801', note('a', endpoint(first)), note('b', endpoint(second)))
        assert [f.code for f in found] == codes

    @pytest.mark.parametrize(
        ('first', 'second', 'is_reported'), [('1', '2', False), ('1', '1', True), ('', '2', True), ('1', '', True)]
    )
    def test_a_change_in_an_earlier_release_than_the_removal(self, first: str, second: str, is_reported: bool) -> None:
        def stated(name: str, change: str, release: str) -> Note:
            return note(name, endpoint(change), **({'release': release} if release else {}))

        found = check('DN801', stated('a', 'changed', first), stated('b', 'removed', second))
        assert found == ([('DN801', 'GET /x')] if is_reported else [])

    def test_twice_in_one_note_is_dn309(self) -> None:
        assert check('DN801', note('a', endpoint('new'), endpoint('new'))) == []

    def test_an_interface_is_no_endpoint_and_a_dead_note_says_nothing(self) -> None:
        event = said('interface', 'x.started', kind_='event', change='new')
        assert check('DN801', note('a', event), note('b', event)) == []
        assert check('DN801', note('a', endpoint('new'), status='withdrawn'), note('b', endpoint('new'))) == []


class TestDN802:
    @pytest.mark.parametrize(
        ('one', 'other'),
        [
            (column('state: int'), column('state: text')),
            (column('state: int', default='0'), column('state: int', default='1')),
            (column('state: int', nullable='yes'), column('state: int', nullable='no')),
            (column('state: int', change='modify'), column('state: text', change='modify')),
            (said('field', 'state: int'), said('field', 'state: text')),
        ],
    )
    def test_each_respect_counts(self, one: Said, other: Said) -> None:
        assert check('DN802', note('a', jobs(one)), note('b', jobs(other))) == [('DN802', 'jobs.state')]

    def test_the_message_shows_both(self) -> None:
        notes = [note(name, jobs(column('state: int', default=text))) for name, text in (('a', 'x'), ('b', 'y'))]
        (found,) = findings('DN802', *notes)
        assert found.message == (
            "jobs.state is default y here and default x in note 'a'; agree on one, or let this note depend on that"
        )

    def test_several_respects_are_one_finding_and_the_same_value_is_none(self) -> None:
        first = note('a', jobs(column('state: int', default='0')))
        (found,) = findings('DN802', first, note('b', jobs(column('state: text', default='1'))))
        assert found.message.startswith('jobs.state is text here and int in ')
        assert check('DN802', first, note('b', jobs(column('state: integer')))) == []

    def test_a_third_note_is_compared_with_the_first_that_differs(self) -> None:
        notes = [
            note(name, jobs(column(f'state: {type_}'))) for name, type_ in (('a', 'int'), ('b', 'int'), ('c', 'text'))
        ]
        assert [(f.note, f.related[0].path) for f in findings('DN802', *notes)] == [('c', 'a.md')]

    @pytest.mark.parametrize(
        ('one', 'other'),
        [
            (column('state: int'), column('state: text', change='modify')),
            (column('state: int', change='drop'), column('state: text')),
        ],
    )
    def test_what_is_not_done_alike_is_not_compared(self, one: Said, other: Said) -> None:
        assert check('DN802', note('a', jobs(one)), note('b', jobs(other))) == []

    def test_columns_of_a_table_as_it_is_are_not_compared(self) -> None:
        today = jobs(said('field', 'state: int'), change='existing')
        assert check('DN802', note('a', today), note('b', jobs(column('state: text')))) == []
        other = jobs(said('field', 'state: text'), change='existing')
        assert check('DN802', note('a', today), note('b', other)) == []

    def test_changes_in_different_releases_follow_each_other_and_additions_do_not(self) -> None:
        def two(change: str) -> list[tuple[str, str | int]]:
            return check(
                'DN802',
                note('a', jobs(column('state: int', change=change)), release='1'),
                note('b', jobs(column('state: text', change=change)), release='2'),
            )

        assert two('modify') == []
        assert two('add') == [('DN802', 'jobs.state')]


class TestDN803:
    @staticmethod
    def flag(change: str, **options: str) -> Said:
        return said('feature-flag', 'fast', change=change, **options)

    @pytest.mark.parametrize(
        ('one', 'other', 'message'),
        [
            (
                {'change': 'new'},
                {'change': 'new', 'default': 'on'},
                "flag 'fast' is new in note 'a' too; give one another name, or let this note depend on that",
            ),
            (
                {'change': 'new', 'default': 'off'},
                {'change': 'existing', 'default': 'on'},
                "default of flag 'fast' is on here and off in note 'a'; agree on one, or let this note depend on that",
            ),
            (
                {'change': 'new', 'owner': 'A'},
                {'change': 'existing', 'owner': 'B'},
                "owner of flag 'fast' is B here and A in note 'a'; agree on one, or let this note depend on that",
            ),
            (
                {'change': 'changed', 'default': 'off'},
                {'change': 'changed', 'default': 'on'},
                "default of flag 'fast' is on here and off in note 'a'; agree on one, or let this note depend on that",
            ),
        ],
    )
    def test_each_conflict_is_one_finding(self, one: dict[str, str], other: dict[str, str], message: str) -> None:
        found = findings('DN803', note('a', self.flag(**one)), note('b', self.flag(**other)))
        assert [f.message for f in found] == [message]

    @pytest.mark.parametrize(
        ('one', 'other'),
        [
            ({'change': 'new', 'default': 'off'}, {'change': 'changed', 'default': 'on'}),
            ({'change': 'new', 'default': 'off'}, {'change': 'removed', 'default': 'on'}),
            ({'change': 'new', 'owner': 'The Jobs  team'}, {'change': 'existing', 'owner': 'the jobs team'}),
            ({'change': 'new', 'default': 'off'}, {'change': 'existing'}),
        ],
    )
    def test_what_is_no_conflict(self, one: dict[str, str], other: dict[str, str]) -> None:
        assert check('DN803', note('a', self.flag(**one)), note('b', self.flag(**other))) == []

    def test_a_default_that_two_releases_change(self) -> None:
        notes = [
            note('a', self.flag('changed', default='on'), release='1'),
            note('b', self.flag('changed', default='off'), release='2'),
        ]
        assert check('DN803', *notes) == []


class TestDN804:
    def test_one_finding_for_a_pair_of_notes(self) -> None:
        first = note('a', endpoint('new'), jobs(column('state: int'), change='new'), title='Queue')
        second = note('b', endpoint('changed'), jobs(column('state', change='drop')), status='draft')
        (found,) = findings('DN804', first, second)
        assert (found.note, found.item, found.location.line) == ('b', None, 1)
        assert found.message == (
            "this note changes what note 'Queue' introduces, and does not depend on it; add ':depends-on: a'"
        )

    def test_two_notes_that_are_needed_are_two_findings(self) -> None:
        notes = [note('a', endpoint('new')), note('b', jobs(change='new'))]
        both = note('c', endpoint('deprecated'), jobs(column('x: int')))
        assert check('DN804', *notes, both) == [('DN804', 1), ('DN804', 1)]

    def test_a_note_that_comes_before_what_it_changes_is_reported_too(self) -> None:
        assert check('DN804', note('b', endpoint('new')), note('a', endpoint('changed'))) == [('DN804', 1)]

    @pytest.mark.parametrize('change', ['changed', 'deprecated', 'removed'])
    def test_each_change_counts(self, change: str) -> None:
        assert check('DN804', note('a', endpoint('new')), note('b', endpoint(change))) == [('DN804', 1)]

    def test_what_is_not_stated_to_be_changed_does_not(self) -> None:
        for other in (endpoint('existing'), said('endpoint', 'GET /x'), endpoint('new')):
            assert check('DN804', note('a', endpoint('new')), note('b', other)) == []

    def test_a_column_that_is_listed_in_a_table_as_it_is_is_not_introduced(self) -> None:
        today = jobs(said('field', 'state: int'), change='existing')
        changing = note('b', jobs(column('state: text', change='modify')))
        assert check('DN804', note('a', today), changing) == []
        assert check('DN804', note('a', jobs(said('field', 'state: int'), change='new')), changing) == [('DN804', 1)]

    @pytest.mark.parametrize(
        ('first', 'second', 'is_reported'), [('1', '2', False), ('2', '1', True), ('1', '1', True)]
    )
    def test_releases_have_an_order(self, first: str, second: str, is_reported: bool) -> None:
        notes = note('a', endpoint('new'), release=first), note('b', endpoint('changed'), release=second)
        found = findings('DN804', graph=graph_of(*notes, releases=('1', '2')))
        assert [f.note for f in found] == (['b'] if is_reported else [])


class TestDN805:
    REMOVED = note('r', jobs(column('state', change='drop')), status='implemented', title='Phases')

    def test_the_message_names_what_is_needed_and_who_removed_it(self) -> None:
        (found,) = findings('DN805', self.REMOVED, note('u', endpoint('new', uses='jobs.state')))
        assert found.message == (
            "GET /x needs jobs.state, which note 'Phases' removed; name what is there now, or drop this"
        )
        assert (found.location.line, [at.path for at in found.related]) == (4, ['r.md'])

    def test_a_change_of_what_is_gone(self) -> None:
        changed = note('u', jobs(column('state: text', change='modify')))
        (found,) = findings('DN805', self.REMOVED, changed)
        assert found.message == (
            "jobs.state is changed, and note 'Phases' removed it; change what is there now, or drop this"
        )

    @pytest.mark.parametrize(
        'item',
        [
            said('endpoint', 'GET /x', change='new', body='No longer shows `jobs.state`.'),
            endpoint('new', uses='jobs', body='No longer shows `jobs.state`.'),
            jobs(column('state', change='drop')),
            jobs(said('field', 'state: text'), change='existing'),
        ],
    )
    def test_what_does_not_need_it(self, item: Said) -> None:
        assert check('DN805', self.REMOVED, note('u', item)) == []

    @pytest.mark.parametrize('status', ['draft', 'in-review', 'rejected'])
    def test_the_removal_has_to_be_decided(self, status: str) -> None:
        removal = note('r', jobs(column('state', change='drop')), status=status)
        assert check('DN805', removal, note('u', endpoint('new', uses='jobs.state'))) == []

    def test_the_user_has_to_be_open_and_not_to_know_of_it(self) -> None:
        for options in ({'status': 'implemented'}, {'depends_on': 'r'}):
            assert check('DN805', self.REMOVED, note('u', endpoint('new', uses='jobs.state'), **options)) == []
        own = note('r', jobs(column('state', change='drop')), endpoint('new', uses='jobs.state'), status='accepted')
        assert check('DN805', own) == []

    def test_a_table_takes_its_columns_with_it(self) -> None:
        gone = note('r', jobs(said('field', 'state: text'), change='removed'), status='accepted')
        assert check('DN805', gone, note('u', endpoint('new', uses='jobs.state'))) == [('DN805', 'GET /x')]

    @pytest.mark.parametrize(('change', 'is_reported'), [('changed', True), ('deprecated', False), ('existing', False)])
    def test_which_changes_count(self, change: str, is_reported: bool) -> None:
        removal = note('r', endpoint('removed'), status='accepted')
        found = check('DN805', removal, note('u', endpoint(change)))
        assert found == ([('DN805', 'GET /x')] if is_reported else [])

    def test_a_flag_that_is_gone(self) -> None:
        gone = note('r', said('feature-flag', 'fast', change='removed'), status='implemented')
        gated = endpoint('new', flag='fast')
        needing = said('feature-flag', 'turbo', change='new', requires='fast')
        assert check('DN805', gone, note('u', gated, needing)) == [('DN805', 'GET /x'), ('DN805', 'turbo')]

    def test_what_an_older_note_says_of_the_flag_is_no_use_of_this_note(self) -> None:
        old = note(
            'o', said('feature-flag', 'fast', change='new', gates='GET /x'), endpoint('new'), status='implemented'
        )
        gone = note('r', said('feature-flag', 'fast', change='removed'), status='implemented', depends_on='o')
        assert check('DN805', old, gone, note('u', endpoint('changed'))) == []


class TestDN806:
    @staticmethod
    def migration(title: str, down: str, **options: str) -> Said:
        return said('migration', title, down_revision=down, **options)

    def test_two_heads(self) -> None:
        (found,) = findings('DN806', note('a', self.migration('A', '1')), note('b', self.migration('B', '1')))
        assert found.message == "migration 'B' follows revision '1', and so does note 'a'; put one behind the other"
        assert (found.location.line, [(at.path, at.line) for at in found.related]) == (3, [('a.md', 3)])

    def test_two_heads_in_one_note(self) -> None:
        (found,) = findings('DN806', note('a', self.migration('A', '1'), self.migration('B', '1')))
        assert found.message == (
            "migration 'B' follows revision '1', and so does another migration of this note; put one behind the other"
        )

    @pytest.mark.parametrize('down', ['none', 'Base', '-'])
    def test_the_first_migration_has_none_before_it(self, down: str) -> None:
        assert check('DN806', note('a', self.migration('A', down)), note('b', self.migration('B', down))) == []

    def test_one_migration_of_two_notes(self) -> None:
        notes = [note(name, self.migration('A', '1', revision='2')) for name in 'ab']
        assert check('DN806', *notes) == []
        assert check('DN806', *notes, note('c', self.migration('C', '1', revision='3'))) == [('DN806', 'C')]

    def test_notes_that_are_related_or_not_open_are_left_alone(self) -> None:
        first = note('a', self.migration('A', '1'))
        assert check('DN806', first, note('b', self.migration('B', '1'), depends_on='a')) == []
        assert check('DN806', first, note('b', self.migration('B', '1'), status='implemented')) == []


class TestDN807:
    DROPS = note('r', jobs(column('state', change='drop')))

    def test_users_are_named_in_one_finding(self) -> None:
        users = [endpoint('new', f'GET /{name}', uses='jobs.state') for name in ('b', 'a', 'c', 'd')]
        (found,) = findings('DN807', self.DROPS, note('u', *users))
        assert found.message == (
            'jobs.state is removed, and GET /a, GET /b, GET /c and 1 more still use it; change that in this note too'
        )
        assert [at.line for at in found.related] == [5, 2, 8, 11]

    @pytest.mark.parametrize(
        ('removal', 'user', 'is_reported'),
        [
            ('draft', 'implemented', True),
            ('draft', 'draft', True),
            ('accepted', 'implemented', True),
            ('accepted', 'draft', False),  # DN805
            ('implemented', 'implemented', False),
            ('draft', 'rejected', False),
        ],
    )
    def test_the_status_of_both_decides(self, removal: str, user: str, is_reported: bool) -> None:
        removing = note('r', jobs(column('state', change='drop')), status=removal)
        using = note('u', endpoint('new', uses='jobs.state'), status=user)
        assert check('DN807', removing, using) == ([('DN807', 'jobs.state')] if is_reported else [])
        if removal == 'accepted' and user == 'draft':
            assert check('DN805', removing, using) == [('DN805', 'GET /x')]

    def test_the_latest_statement_of_use_counts(self) -> None:
        old = note('a', endpoint('new', uses='jobs.state'), status='implemented')
        new = note('b', endpoint('changed', uses='jobs.phase'), status='implemented')
        silent = note('b', endpoint('changed'), status='implemented')
        assert check('DN807', old, new, self.DROPS) == []
        assert check('DN807', old, silent, self.DROPS) == [('DN807', 'jobs.state')]
        assert check('DN807', old, note('b', endpoint('removed'), status='implemented'), self.DROPS) == []

    def test_the_note_that_removes_may_change_the_user_or_be_related(self) -> None:
        using = note('u', endpoint('new', uses='jobs.state'))
        drop = jobs(column('state', change='drop'))
        assert check('DN807', using, note('r', drop, endpoint('changed'))) == []
        assert check('DN807', using, note('r', drop, depends_on='u')) == []

    def test_a_table_and_its_columns(self) -> None:
        using = note('u', endpoint('new', uses='jobs.state'), jobs(said('field', 'state: int'), change='existing'))
        assert check('DN807', using, note('r', jobs(change='removed'))) == [('DN807', 'jobs')]
        whole = note('u', endpoint('new', uses='jobs'), jobs(change='existing'))
        assert check('DN807', whole, self.DROPS) == []

    def test_a_flag_of_which_all_is_gone(self) -> None:
        flag = said('feature-flag', 'x', change='new', gates='GET /a, GET /b')
        old = note('a', flag, endpoint('new', 'GET /a'), endpoint('new', 'GET /b'), status='implemented')
        first = note('r', endpoint('removed', 'GET /a'))
        both = note('r', endpoint('removed', 'GET /a'), endpoint('removed', 'GET /b'))
        assert check('DN807', old, first) == []
        (found,) = findings('DN807', old, both)
        assert found.message == "GET /a is removed, and flag 'x' still gates it; change that in this note too"
        cleaned = note(
            'r', *(endpoint('removed', f'GET /{p}') for p in 'ab'), said('feature-flag', 'x', change='removed')
        )
        assert check('DN807', old, cleaned) == []

    def test_what_comes_back_is_not_removed(self) -> None:
        using = note('a', endpoint('new', uses='jobs.state'))
        back = note('s', jobs(column('state: text')))
        assert check('DN807', using, self.DROPS, back) == []
