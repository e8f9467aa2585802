"""Every value of ``conf.py``, declared once: registered, checked and documented from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True, slots=True)
class ConfigValue:
    """A configuration value, as it is registered and documented."""

    name: str
    default: Any
    #: ``env`` when pages must be read again after a change, else empty.
    rebuild: Literal['', 'env']
    types: tuple[type, ...]
    doc: str


#: Every value, in the order of the documentation.
CONFIG_VALUES = (
    ConfigValue(
        name='designnote_global_directives',
        default=True,
        rebuild='env',
        types=(bool,),
        doc='Register the directives under their short names too (``endpoint`` beside ``dn:endpoint``).',
    ),
    ConfigValue(
        name='designnote_kinds',
        default={},
        rebuild='env',
        types=(dict,),
        doc="The project's own kinds of item: name to a declaration as in the built-in vocabulary.",
    ),
    ConfigValue(
        name='designnote_profile',
        default='design-note',
        rebuild='env',
        types=(str,),
        doc='The profile that notes are read with: ``design-note``, ``openstack-spec``, ``kep``, or the path of a TOML '
        'file relative to ``conf.py``.',
    ),
    ConfigValue(
        name='designnote_template_paths',
        default=[],
        rebuild='env',
        types=(list, tuple),
        doc='Globs of page names (``notes/*``), or of their files (``notes/*.md``), that are notes without saying so.',
    ),
    ConfigValue(
        name='designnote_link_mentions',
        default=True,
        rebuild='env',
        types=(bool,),
        doc='Make links of the endpoints, flags, entities and columns that the prose of a note names.',
    ),
    ConfigValue(
        name='designnote_summary_card',
        default=False,
        rebuild='env',
        types=(bool,),
        doc='Show a summary of what a note states below its title.',
    ),
    ConfigValue(
        name='designnote_backlinks',
        default=True,
        rebuild='env',
        types=(bool,),
        doc='Say below each item that a directive states what others say of it: the tests that verify it, the flag '
        'that gates it, the notes that change it. Plain notes stay as they are.',
    ),
    ConfigValue(
        name='designnote_needs',
        default=True,
        rebuild='env',
        types=(bool,),
        doc='Make every note and item a need where sphinx-needs is among the extensions, and write ``needs.json`` '
        'with the builder where it is not.',
    ),
    ConfigValue(
        name='designnote_needs_types',
        default={},
        rebuild='env',
        types=(dict,),
        doc='Kind of item to the type of need that it is, where that has another name, or to ``None`` where it is no '
        'need: ``{"test-case": "test", "no-impact": None}``.',
    ),
    ConfigValue(
        name='designnote_requirement_types',
        default=[],
        rebuild='',
        types=(list, tuple),
        doc='Types of need (``["req"]``) that items are to implement: one that none implements is DN808.',
    ),
    ConfigValue(
        name='designnote_releases',
        default={},
        rebuild='',
        types=(dict,),
        doc='Release name to its ISO date; gives the order of history.',
    ),
    ConfigValue(
        name='designnote_aliases',
        default={},
        rebuild='',
        types=(dict,),
        doc='Other name of an entity to its name: ``{"deployments": "Deployment"}``.',
    ),
    ConfigValue(
        name='designnote_known',
        default='',
        rebuild='',
        types=(str,),
        doc='A TOML file, relative to ``conf.py``: its lists ``endpoints``, ``entities``, ``interfaces`` and '
        '``flags`` name what exists without a note.',
    ),
    ConfigValue(
        name='designnote_rules',
        default={},
        rebuild='',
        types=(dict,),
        doc='Rule code or name to its severity: ``error``, ``warning``, ``info`` or ``off``. A glob of page names, '
        'or of their files, to such a table says what counts for more on these pages: '
        '``{"DN403": "error", "legacy/**": {"DN301": "off"}}``; '
        '``*`` stands for slashes too, and of several globs that match the last one counts.',
    ),
    ConfigValue(
        name='designnote_rules_extra',
        default=[],
        rebuild='',
        types=(list, tuple),
        doc="Dotted paths of the project's own rules: ``['myproject.rules.no_delete']``.",
    ),
    ConfigValue(
        name='designnote_thresholds',
        default={},
        rebuild='',
        types=(dict,),
        doc='Name of a number that a rule measures by to its value: ``{"max-words": 900}``. The rules say which they '
        'have, and what the value is otherwise.',
    ),
    ConfigValue(
        name='designnote_baseline',
        default='',
        rebuild='',
        types=(str,),
        doc='A file that ``designnote baseline`` wrote, relative to ``conf.py``: the findings that it lists are '
        'silenced.',
    ),
    ConfigValue(
        name='designnote_history',
        default=False,
        rebuild='',
        types=(bool,),
        doc='Ask git which links lead to something that has changed since they were written (DN207). What is reported '
        'then depends on more than the files.',
    ),
    ConfigValue(
        name='designnote_check_in',
        default=['designnote'],
        rebuild='',
        types=(list, tuple),
        doc='Builders in which all rules run; elsewhere only broken directives and links are reported.',
    ),
    ConfigValue(
        name='designnote_fail_on',
        default='error',
        rebuild='',
        types=(str,),
        doc="From which severity on the builder's exit status is 1: ``error``, ``warning`` or ``never``.",
    ),
    ConfigValue(
        name='designnote_today',
        default='',
        rebuild='',
        types=(str,),
        doc="The ISO date that rules take for today; else ``SOURCE_DATE_EPOCH``'s day, else the real one.",
    ),
    ConfigValue(
        name='designnote_repository_root',
        default='',
        rebuild='',
        types=(str,),
        doc='The folder, relative to ``conf.py``, that paths in SARIF, JUnit, annotations and code-quality reports '
        'start from; else the nearest one from the sources upwards that has a ``.git``.',
    ),
    ConfigValue(
        name='designnote_source_url',
        default='',
        rebuild='',
        types=(str,),
        doc='Template of links to source lines: ``https://host/repo/blob/main/{path}#L{line}``.',
    ),
    ConfigValue(
        name='designnote_page_url',
        default='',
        rebuild='',
        types=(str,),
        doc='Template of links to rendered pages: ``https://docs.example.org/{docname}.html#{anchor}``.',
    ),
)
