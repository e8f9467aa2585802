"""The keys of a profile's file, declared once: the reader refuses others, the reference explains these."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A key of a profile's file, in reStructuredText."""

    name: str
    #: What its value is.
    takes: str
    doc: str


#: At the top of the file.
PROFILE_KEYS = (
    Key(
        name='extends',
        takes='``design-note``, ``openstack-spec`` or ``kep``',
        doc='The profile that this one changes. Of a section only the keys that are given change; the rows of '
        '``columns``, ``severities`` and ``thresholds`` are added; all else is replaced.',
    ),
    Key(
        name='title-prefixes',
        takes='strings',
        doc='A page whose title begins so is a note. With a colon at the end they are no part of its title.',
    ),
    Key(
        name='service',
        takes='string',
        doc='The service of notes that name none.',
    ),
    Key(
        name='base-path',
        takes='string',
        doc='Stands before the paths of endpoints that do not begin with it: ``/api/v1``.',
    ),
    Key(
        name='none',
        takes='strings',
        doc='How a section begins that is empty on purpose: ``none``, ``not applicable``.',
    ),
    Key(
        name='placeholders',
        takes='strings',
        doc='Phrases of the template that must not be left in a note. They are looked for in its comments (DN102); so '
        'is the guidance of every section.',
    ),
    Key(
        name='severities',
        takes='table',
        doc='Rule, by code or name, to the severity that it has in notes of this profile: ``error``, ``warning``, '
        '``info`` or ``off``. ``designnote_rules`` counts for more.',
    ),
    Key(
        name='thresholds',
        takes='table',
        doc='Name of a number that a rule measures by to its value in notes of this profile: ``max-words = 900``. The '
        'rules say which they have. ``designnote_thresholds`` counts for more.',
    ),
    Key(
        name='columns',
        takes='table',
        doc="Heading of a table's column to what stands below it: the name of an option, or ``method``, ``path``, "
        '``name``, ``type``, ``column``, ``table``, ``flag``, ``event``, ``step``, ``change``, ``number``.',
    ),
    Key(
        name='sections',
        takes='table',
        doc="Name to a section, in the template's order; the keys of one are below.",
    ),
)

#: Of a section.
SECTION_KEYS = (
    Key(
        name='headings',
        takes='strings',
        doc='How its headings read. They are compared without case, numbering, emoji, punctuation and small words (a, '
        'an, and, any, or, our, the). A heading may go on after them, unless they end in ``$``; the longest that '
        "fits wins. The first is what ``designnote new`` writes. The section's name, where absent.",
    ),
    Key(
        name='parents',
        takes='strings',
        doc='It is this section only below a heading that begins so, at any distance. Where several sections fit, the '
        'nearest parent decides, and one with a parent goes before one without.',
    ),
    Key(
        name='slots',
        takes='strings',
        doc="What its items fill: slots of the vocabulary. Several where the heading leaves it open. The section's "
        'name, where absent.',
    ),
    Key(
        name='required',
        takes='``true``, ``false``, ``"ignored"`` or a table',
        doc='Whether a note must say something there (DN101); of several slots any will do. ``{ since = "2026-01-01" '
        "}``: in notes whose ``created`` is that day or later. ``{ since-release = '25.11' }``: in notes of that "
        'release or later, in the order of ``designnote_releases``. ``"ignored"``: what stands there is not read '
        'at all.',
    ),
    Key(
        name='container',
        takes='boolean',
        doc='Other sections stand below its heading; only what stands directly below it is its own.',
    ),
    Key(
        name='change',
        takes='``new``, ``changed``, ``deprecated``, ``removed`` or ``existing``',
        doc='What its heading says that happens to the things below it. Where absent, the words of the heading and the '
        'slot tell.',
    ),
    Key(
        name='carriers',
        takes='``bullets``, ``steps``, ``tables``, ``code``, ``headings``, ``bold``, ``fields``, ``prose``',
        doc='The forms in which an item may stand there, in order of preference. All but ``prose``, where absent; in '
        '``approach``, ``breaking-changes``, ``migration-story``, ``security`` and ``compatibility`` prose too.',
    ),
    Key(
        name='columns',
        takes='table',
        doc='As above, for tables of this section; they count for more.',
    ),
    Key(
        name='group',
        takes='strings',
        doc='The headings that it stands below in a note of ``designnote new``, outermost first.',
    ),
    Key(
        name='guidance',
        takes='string',
        doc='What ``designnote new`` writes below the heading, in a comment. A section without guidance is not '
        'written.',
    ),
)
