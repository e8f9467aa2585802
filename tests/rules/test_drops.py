"""DN403 to DN405: the words and places that answer them, one by one; whole notes are in ``cases/``."""

from __future__ import annotations

import pytest

from tests.support import Said, check, findings, note, said

RENAMED = said('field', 'owner_id: uuid', change='rename', renamed_from='owner')
DROPPED = said('field', 'state: text', change='drop')


def modified(*parts: Said, body: str = '') -> Said:
    return said('entity', 'jobs', *parts, change='modified', body=body)


def migration(title: str, entities: str = 'jobs', **options: str) -> Said:
    return said('migration', title, entities=entities, **options)


def step(title: str, **options: str) -> Said:
    return said('rollout-step', title, **options)


class TestDN403:
    def test_a_renamed_column_is_reported_with_or_without_a_migration(self) -> None:
        assert check('DN403', note('n', modified(RENAMED))) == [('DN403', 'jobs.owner_id')]
        assert check('DN403', note('n', modified(RENAMED), migration('Rename'))) == [('DN403', 'jobs.owner_id')]
        unsaid = said('field', 'owner_id: uuid', renamed_from='owner')
        assert check('DN403', note('n', modified(unsaid))) == [('DN403', 'jobs.owner_id')]

    @pytest.mark.parametrize(
        'others',
        [
            [migration('Rename', kind_='expand')],
            [migration('Add owner_id'), migration('Drop owner')],
            [migration('Rename owner; a view keeps the old name')],
            [migration('Rename', body='In a maintenance window.')],
            [migration('Rename', body='Rows are copied from `owner` first.')],
            [migration('Rename', backfill='owner_id from the old name')],
            [migration('Rename'), said('compatibility', 'Both', mechanism='dual-write')],
            [migration('Rename'), said('compatibility', 'A view', mechanism='shim', covers='jobs')],
            [
                migration('Rename'),
                said('breaking-change', 'Reports', affects='jobs.owner_id'),
                said('compatibility', 'A view', mechanism='shim', covers='Reports'),
            ],
            # of a migration that does not name the column: DN401
            [migration('Other', 'jobs.colour', body='The rename is done with a synonym for one release.')],
        ],
    )
    def test_both_names_work_or_nobody_looks(self, others: list[Said]) -> None:
        colour = said('field', 'colour: text', change='add')
        assert check('DN403', note('n', modified(RENAMED, colour), *others)) == []

    @pytest.mark.parametrize(
        'others',
        [
            [migration('Rename', body='Without downtime. No backfill.')],
            [migration('Rename `views`')],
            [migration('Rename', body='Backfills the colour.')],
            [migration('Rename'), said('compatibility', 'Old paths', mechanism='shim')],
            [migration('Rename'), said('compatibility', 'New fields', mechanism='additive', covers='jobs')],
        ],
    )
    def test_what_only_looks_like_it_does_not(self, others: list[Said]) -> None:
        assert check('DN403', note('n', modified(RENAMED), *others)) == [('DN403', 'jobs.owner_id')]

    def test_the_words_of_the_column_or_the_table_count(self) -> None:
        column = said('field', 'owner_id', change='rename', renamed_from='owner', body='A trigger copies.')
        assert check('DN403', note('n', modified(column))) == []
        column = said('field', 'owner_id', change='rename', renamed_from='owner', body='Backfilled in batches.')
        assert check('DN403', note('n', modified(column))) == []
        assert check('DN403', note('n', modified(body='Renamed to `tasks`.'))) == [('DN403', 'jobs')]
        assert check('DN403', note('n', modified(body='Renamed to `tasks` behind a view.'))) == []

    @pytest.mark.parametrize('body', ['to `tasks`', 'is renamed to tasks', 'Rename the table to `tasks`'])
    def test_ways_to_say_that_a_table_is_renamed(self, body: str) -> None:
        assert check('DN403', note('n', modified(body=body))) == [('DN403', 'jobs')]

    @pytest.mark.parametrize(
        'title', ['Rename table jobs', 'Renames the `jobs` table', 'Rename the existing table jobs']
    )
    def test_a_migration_may_say_so(self, title: str) -> None:
        assert check('DN403', note('n', modified(), migration(title))) == [('DN403', 'jobs')]

    @pytest.mark.parametrize('title', ['Rename the column owner of table jobs', 'Rename table issues, alter jobs'])
    def test_a_migration_that_renames_something_else_does_not(self, title: str) -> None:
        assert check('DN403', note('n', modified(), migration(title))) == []

    def test_a_successor_that_is_added_is_no_rename(self) -> None:
        added = said('field', 'owner_id: uuid', change='add', renamed_from='owner')
        assert check('DN403', note('n', modified(added), migration('Add owner_id'))) == []


class TestDN404:
    @pytest.mark.parametrize(
        'others',
        [
            [migration('Drop', reversible='yes')],
            [migration('Drop', body='The downgrade adds it again.')],
            [migration('Drop (up and down)')],
            [migration('Drop', body='Values are archived first.')],
            [migration('Drop'), step('Run it', action='migrate', rollback='restore the dump')],
            [migration('Drop'), step('Back up the database')],
            [migration('Drop', body='The column is unused.')],
            [migration('Keep a copy', body='Copies state to the archive.'), migration('Drop')],
            [said('migration', 'Drop', entities='jobs', incomplete=True)],
        ],
    )
    def test_a_way_back_is_stated(self, others: list[Said]) -> None:
        assert check('DN404', note('n', modified(DROPPED), *others)) == []

    @pytest.mark.parametrize(
        'others',
        [
            [migration('Drop', reversible='no')],
            [migration('Drop', body='There is no way to roll back.')],
            [migration('Drop', body='Drops `backup` too.')],
            [migration('Drop'), step('Run it', action='migrate', rollback='none, the values are gone')],
            [migration('Drop'), step('Deploy', action='deploy', rollback='deploy the previous release')],
        ],
    )
    def test_no_way_back_is_stated(self, others: list[Said]) -> None:
        assert check('DN404', note('n', modified(DROPPED), *others)) == [('DN404', 'Drop')]

    def test_the_column_may_say_so(self) -> None:
        kept = said('field', 'state: text', change='drop', body='Copied to the archive before.')
        assert check('DN404', note('n', modified(kept), migration('Drop'))) == []

    def test_the_finding_is_at_the_migration_that_drops(self) -> None:
        stated = note('n', modified(DROPPED), migration('Move on'), migration('Tidy', kind_='contract'))
        assert check('DN404', stated) == [('DN404', 'Tidy')]
        stated = note('n', modified(DROPPED), migration('Move on'), migration('Drop it'), migration('Look'))
        assert check('DN404', stated) == [('DN404', 'Drop it')]

    @pytest.mark.parametrize(
        ('type_', 'body', 'title', 'is_narrower'),
        [
            ('varchar(40)', 'from varchar(80)', 'Alter', True),
            ('varchar(80)', 'from varchar(40)', 'Alter', False),
            ('varchar(40)', '', 'Alter', False),
            ('varchar(40)', 'Truncated to 40 characters.', 'Alter', True),
            ('varchar(40)', '', 'Shorten name', True),
            ('varchar(40)', '', 'Shorten title. Alter name', False),
            ('varchar(40)', 'It was `narrow`.', 'Alter', False),
        ],
    )
    def test_a_changed_column_that_gets_narrower(self, type_: str, body: str, title: str, is_narrower: bool) -> None:
        column = said('field', f'name: {type_}', change='modify', body=body)
        expected = [('DN404', title)] if is_narrower else []
        assert check('DN404', note('n', modified(column), migration(title))) == expected

    def test_what_is_lost_is_in_the_message(self) -> None:
        stated = note(
            'n', modified(DROPPED), said('entity', 'logs', change='removed'), migration('Drop both', 'jobs, logs')
        )
        (found,) = findings('DN404', stated)
        assert found.message == (
            "migration 'Drop both' drops jobs.state, logs and has no way back; "
            "add ':reversible: yes', or say how it is rolled back or what is backed up"
        )


class TestDN405:
    DROP = migration('Drop state', 'jobs.state')
    DEPLOY = step('Deploy backend', action='deploy')
    RUN = step('Run it', action='migrate', runs='Drop state')

    def test_a_drop_before_every_deployment_of_a_server(self) -> None:
        stated = note('n', modified(DROPPED), self.DROP, self.RUN, self.DEPLOY)
        assert check('DN405', stated) == [('DN405', 'Run it')]
        assert check('DN405', note('n', modified(DROPPED), self.DROP, self.DEPLOY, self.RUN, self.DEPLOY)) == []
        assert check('DN405', note('n', modified(DROPPED), self.DROP, self.RUN)) == []
        frontend = step('Deploy frontend', action='deploy')
        assert check('DN405', note('n', modified(DROPPED), self.DROP, self.RUN, frontend)) == []

    @pytest.mark.parametrize('body', ['Nothing reads it any more.', 'Unused.', 'Dropped one release later.'])
    def test_what_is_unused_or_comes_later_is_left_alone(self, body: str) -> None:
        column = said('field', 'state: text', change='drop', body=body)
        assert check('DN405', note('n', modified(column), self.DROP, self.RUN, self.DEPLOY)) == []
        drop = migration('Drop state', 'jobs.state', body=body)
        assert check('DN405', note('n', modified(DROPPED), drop, self.RUN, self.DEPLOY)) == []

    def test_a_column_that_only_gets_narrower_is_none_of_this(self) -> None:
        narrow = said('field', 'state: varchar(8)', change='modify', body='Narrowed.')
        assert check('DN405', note('n', modified(narrow), self.DROP, self.RUN, self.DEPLOY)) == []

    def test_a_step_that_says_what_it_drops_counts_for_more_than_when_the_migration_does(self) -> None:
        drop = migration('Drop state', 'jobs.state', body='The second part drops it.')
        told = step('Run the migration that drops `state`', action='migrate')
        later = step('Drop `state` in the following release', action='migrate')
        title = 'Run the migration that drops `state`'
        assert check('DN405', note('n', modified(DROPPED), drop, told, self.DEPLOY)) == [('DN405', title)]
        assert check('DN405', note('n', modified(DROPPED), drop, later, self.DEPLOY)) == []
        assert check('DN405', note('n', modified(DROPPED), drop, self.RUN, self.DEPLOY)) == []
        new = said('field', 'phase: text', change='add', renamed_from='state')
        both = migration('Do both', body='The second part drops `state`, the first adds `phase`.')
        alone = step('Run the migration that drops `state`', action='migrate', runs='Do both')
        assert check('DN405', note('n', modified(DROPPED, new), both, alone)) == []

    def test_of_several_steps_the_last_is_the_drop(self) -> None:
        again = step('Run it again', action='migrate', runs='Drop state')
        assert check('DN405', note('n', modified(DROPPED), self.DROP, self.RUN, self.DEPLOY, again)) == []

    def test_two_columns_of_one_migration_are_one_finding(self) -> None:
        other = said('field', 'colour: text', change='drop')
        drop = migration('Drop both', 'jobs')
        run = step('Run it', action='migrate', runs='Drop both')
        stated = note('n', modified(DROPPED, other), drop, run, self.DEPLOY)
        assert check('DN405', stated) == [('DN405', 'Run it')]

    @pytest.mark.parametrize(
        ('old', 'new'),
        [
            (DROPPED, said('field', 'phase: text', change='add', renamed_from='state')),
            (DROPPED, said('field', 'phase: text', change='add', body='Replaces `state`.')),
            (
                said('field', 'state: text', change='drop', body='Superseded by phase.'),
                said('field', 'phase: text', change='add'),
            ),
        ],
    )
    def test_what_replaces_what(self, old: Said, new: Said) -> None:
        add = migration('Add phase', 'jobs.phase')
        extend = step('Extend', action='migrate', runs='Add phase')
        assert check('DN405', note('n', modified(old, new), self.DROP, add, self.RUN, extend)) == [('DN405', 'Run it')]
        assert check('DN405', note('n', modified(old, new), self.DROP, add, extend, self.RUN)) == []
        assert check('DN405', note('n', modified(old, new), migration('Do both'))) == [('DN405', 'Do both')]
        plain = said('field', 'phase: text', change='add', body='Next to `state`.')
        assert check('DN405', note('n', modified(DROPPED, plain), migration('Do both'))) == []

    def test_a_column_of_another_table_replaces_nothing(self) -> None:
        other = said(
            'entity', 'runs', said('field', 'phase: text', change='add', renamed_from='state'), change='modified'
        )
        assert check('DN405', note('n', modified(DROPPED), other, migration('Do both', 'jobs, runs'))) == []

    def test_a_new_table_that_replaces_a_table(self) -> None:
        new = said('entity', 'segments', change='new', body='Takes over from schedules.')
        old = said('entity', 'schedules', change='removed')
        assert check('DN405', note('n', new, old, migration('Do both', 'segments, schedules'))) == [
            ('DN405', 'Do both')
        ]

    def test_one_migration_in_several_steps_is_not_at_once(self) -> None:
        new = said('field', 'phase: text', change='add', renamed_from='state')
        both = migration('Do both')
        steps = [step('Half of it', action='migrate', runs='Do both'), step('Rest', action='migrate', runs='Do both')]
        assert check('DN405', note('n', modified(DROPPED, new), both, *steps)) == []
        assert check('DN405', note('n', modified(DROPPED, new), both, steps[0])) == [('DN405', 'Half of it')]

    @pytest.mark.parametrize(
        ('first', 'second', 'expected'),
        [
            ({'release': '1'}, {'release': '1'}, [('DN405', 'Drop state')]),
            ({'release': '1'}, {'release': '2'}, []),
            ({}, {'release': '1'}, []),
            ({}, {}, []),
        ],
    )
    def test_the_release_of_both_counts_where_it_is_stated_and_there_are_no_steps(
        self, first: dict[str, str], second: dict[str, str], expected: list[tuple[str, str]]
    ) -> None:
        new = said('field', 'phase: text', change='add')
        add = migration('Add phase', 'jobs.phase', kind_='expand', **first)
        drop = migration('Drop state', 'jobs.state', kind_='contract', **second)
        assert check('DN405', note('n', modified(DROPPED, new), add, drop, release='1')) == expected

    def test_without_a_contracting_migration_nothing_says_that_one_replaces_the_other(self) -> None:
        add = migration('Add phase', 'jobs.phase', kind_='expand', release='1')
        drop = migration('Drop state', 'jobs.state', release='1')
        new = said('field', 'phase: text', change='add')
        assert check('DN405', note('n', modified(DROPPED, new), add, drop)) == []

    def test_where_several_migrations_may_do_it_none_is_blamed(self) -> None:
        new = said('field', 'phase: text', change='add', renamed_from='state')
        assert check('DN405', note('n', modified(DROPPED, new), migration('Do half'), migration('Do the rest'))) == []

    def test_an_expanding_migration_of_another_table_is_none_of_this(self) -> None:
        add = said('migration', 'Add phase', entities='runs', kind_='expand', release='1')
        drop = migration('Drop state', 'jobs.state', kind_='contract', release='1')
        runs = said('entity', 'runs', said('field', 'phase: text', change='add'), change='modified')
        assert check('DN405', note('n', modified(DROPPED), runs, add, drop)) == []

    def test_two_migrations_in_one_step(self) -> None:
        new = said('field', 'phase: text', change='add', renamed_from='state')
        add = migration('Add phase', 'jobs.phase')
        both = step('Run them', action='migrate', runs='Add phase, Drop state')
        assert check('DN405', note('n', modified(DROPPED, new), add, self.DROP, both)) == [('DN405', 'Run them')]

    def test_a_backfill_does_not_bring_a_column(self) -> None:
        new = said('field', 'phase: text', change='add', renamed_from='state')
        add = migration('Add phase', 'jobs.phase')
        steps = [
            step('Extend', action='migrate', runs='Add phase'),
            self.RUN,
            step('Fill', action='backfill', runs='Add phase'),
        ]
        assert check('DN405', note('n', modified(DROPPED, new), add, self.DROP, *steps)) == []
        steps = [steps[2], self.RUN, steps[0]]
        assert check('DN405', note('n', modified(DROPPED, new), add, self.DROP, *steps)) == [('DN405', 'Run it')]

    def test_two_migrations_that_share_two_steps(self) -> None:
        new = said('field', 'phase: text', change='add', renamed_from='state')
        add = migration('Add phase', 'jobs.phase')
        steps = [step(f'Part {n}', action='migrate', runs='Add phase, Drop state') for n in '12']
        assert check('DN405', note('n', modified(DROPPED, new), add, self.DROP, *steps)) == []
