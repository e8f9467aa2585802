"""``conf.py`` values, validated once; nothing past this module reads raw configuration."""

from __future__ import annotations

import datetime
import fnmatch
import hashlib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sphinx.config import Config
from sphinx.errors import ConfigError

from sphinxcontrib_designnote.conf_values import CONFIG_VALUES
from sphinxcontrib_designnote.diagnostics import Severity, accepted, did_you_mean
from sphinxcontrib_designnote.grammar.profile import Profile, Profiles
from sphinxcontrib_designnote.grammar.profiles import (
    builtin_names,
    is_path,
    load_profile,
    name_of,
    read_profile,
    with_kinds,
)
from sphinxcontrib_designnote.model.declared import DeclarationError
from sphinxcontrib_designnote.model.needs import NeedShape, shape_of
from sphinxcontrib_designnote.model.schema import Vocabulary, extended_vocabulary
from sphinxcontrib_designnote.model.values import read_date
from sphinxcontrib_designnote.relations.names import Naming
from sphinxcontrib_designnote.rules.baseline import Baseline, read_baseline
from sphinxcontrib_designnote.rules.catalogue import RULES
from sphinxcontrib_designnote.rules.definition import Rule, RuleSettings, default_thresholds
from sphinxcontrib_designnote.rules.extra import with_extra_rules

_TYPE = re.compile(r'[A-Za-z][\w-]*')
_KNOWN_KINDS = {'endpoints': 'endpoint', 'entities': 'entity', 'interfaces': 'interface', 'flags': 'feature-flag'}


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The whole configuration."""

    vocabulary: Vocabulary
    naming: Naming
    profiles: Profiles
    releases: tuple[str, ...]
    rules: RuleSettings
    #: Ask git what links lead to.
    history: bool
    check_in: frozenset[str]
    fail_on: Severity
    global_directives: bool
    template_paths: tuple[str, ...]
    link_mentions: bool
    summary_card: bool
    backlinks: bool
    #: What notes and items look like as needs; ``None`` where they are none.
    need_shape: NeedShape | None
    #: Types of need that items are to implement.
    requirement_types: tuple[str, ...]
    #: Where the repository begins; ``None`` for where git says.
    repository_root: Path | None
    source_url: str
    page_url: str

    @classmethod
    def from_config(cls, config: Config, confdir: Path) -> Settings:
        """Validate every value.

        :raises ConfigError: naming key, value and accepted values.
        """
        for value in CONFIG_VALUES:
            given = config[value.name]
            if not isinstance(given, value.types):
                expected = ' or '.join(t.__name__ for t in value.types)
                raise ConfigError(f'{value.name} is {given!r}; it must be a {expected}')
        dates = {
            str(name): _date(f'designnote_releases[{name!r}]', when)
            for name, when in config.designnote_releases.items()
        }
        releases = tuple(sorted(dates, key=lambda name: (dates[name], name)))
        chosen = config.designnote_profile
        try:
            extra = [_string('designnote_rules_extra', path) for path in config.designnote_rules_extra]
            rules = _extended(extra)
            vocabulary = extended_vocabulary(
                config.designnote_kinds, profiles=[name_of(chosen)] if is_path(chosen) else ()
            )
            profiles = _profiles(chosen, confdir, vocabulary, releases, rules)
        except DeclarationError as error:
            raise ConfigError(str(error)) from None
        aliases = {
            _string('designnote_aliases', k).casefold(): _string(f'designnote_aliases[{k!r}]', v).casefold()
            for k, v in config.designnote_aliases.items()
        }
        naming = Naming(vocabulary=vocabulary, aliases=aliases)
        severities, by_path = _configured_severities(config.designnote_rules, rules)
        today, fixed = _today(config.designnote_today)
        return cls(
            vocabulary=vocabulary,
            naming=_with_known(naming, config.designnote_known, confdir),
            profiles=profiles,
            releases=releases,
            rules=RuleSettings(
                today=today,
                today_is_fixed=fixed,
                release_dates=dates,
                profiles=profiles,
                rules=rules,
                thresholds=_thresholds('designnote_thresholds', config.designnote_thresholds, rules),
                severities=severities,
                severities_by_path=by_path,
                baseline=_baseline(config.designnote_baseline, confdir),
            ),
            history=config.designnote_history,
            check_in=frozenset(_string('designnote_check_in', name) for name in config.designnote_check_in),
            fail_on=_fail_on(config.designnote_fail_on),
            global_directives=config.designnote_global_directives,
            template_paths=tuple(
                _string('designnote_template_paths', glob) for glob in config.designnote_template_paths
            ),
            link_mentions=config.designnote_link_mentions,
            summary_card=config.designnote_summary_card,
            backlinks=config.designnote_backlinks,
            need_shape=_need_shape(config, vocabulary),
            requirement_types=tuple(
                _string('designnote_requirement_types', name) for name in config.designnote_requirement_types
            ),
            repository_root=_repository_root(config.designnote_repository_root, confdir),
            source_url=_url('designnote_source_url', config.designnote_source_url, ('path', 'line')),
            page_url=_url('designnote_page_url', config.designnote_page_url, ('docname', 'anchor')),
        )

    @property
    def profile(self) -> Profile:
        """The profile of notes that choose none."""
        return self.profiles.default

    @property
    def profile_digest(self) -> str:
        """What tells whether pages must be read again, because a profile has changed in its file."""
        return hashlib.sha256(repr(self.profiles.by_name).encode('utf-8', 'replace')).hexdigest()[:16]

    def path_in_repository(self, srcdir: Path) -> str:
        """Return what stands before a path of the sources in the repository: nothing, or it ends with a slash."""
        folder = srcdir.resolve()
        above = (each for each in (folder, *folder.parents) if (each / '.git').exists())
        root = self.repository_root or next(above, folder)
        path = folder.relative_to(root).as_posix() if folder.is_relative_to(root) else '.'
        return '' if path == '.' else f'{path}/'

    def is_note_path(self, docname: str, path: str) -> bool:
        """Whether the page is a note because of where it stands: the name of the page, or of its file, says so."""
        return any(fnmatch.fnmatchcase(name, glob) for glob in self.template_paths for name in (docname, path))


def keep_settings(config: Config, settings: Settings) -> None:
    """Keep *settings* beside *config*. The underscore keeps them out of the pickled environment."""
    config._designnote_settings = settings


def settings_of(config: Config) -> Settings:
    """Return what :func:`keep_settings` kept."""
    settings: Settings = config._designnote_settings
    return settings


def _string(where: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ConfigError(f'{where} is {value!r}; it must be a string')
    return value


def _date(where: str, value: Any) -> datetime.date:
    date = value if isinstance(value, datetime.date) else read_date(str(value))
    if date is None:
        raise ConfigError(f'{where} is {value!r}; write an ISO date such as "2027-06-30"')
    return date


def _today(value: str) -> tuple[datetime.date, bool]:
    if value:
        return _date('designnote_today', value), True
    epoch = os.environ.get('SOURCE_DATE_EPOCH', '')
    if epoch.isdecimal():
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date(), True
    return datetime.datetime.now(datetime.UTC).date(), False


def _extended(paths: Sequence[str]) -> tuple[Rule, ...]:
    try:
        return with_extra_rules(RULES, paths)
    except DeclarationError as error:
        raise DeclarationError(f'designnote_rules_extra: {error}') from None


def _profiles(
    chosen: str, confdir: Path, vocabulary: Vocabulary, releases: tuple[str, ...], rules: Sequence[Rule]
) -> Profiles:
    """Return the profiles that ship and the project's own, the *chosen* one being the default.

    :raises DeclarationError: when one is malformed.
    """
    known = {name: load_profile(name) for name in builtin_names()}
    default = chosen
    try:
        if is_path(chosen):
            default = name_of(chosen)
            known[default] = read_profile(confdir / chosen, chosen, vocabulary)
        elif chosen not in known:
            load_profile(chosen)
    except DeclarationError as error:
        raise DeclarationError(f'designnote_profile: {error}') from None
    for name, profile in known.items():
        where = f'designnote_profile: {chosen if is_path(chosen) and name == default else name}'
        for section in profile.sections:
            since = section.required.since_release
            if since is not None and since not in releases:
                place = f'{where}: sections.{section.name}.required.since-release'
                raise DeclarationError(f'{place} is {since!r}, which designnote_releases does not have; add it there')
        severities = _severities(f'{where}: severities', profile.severities, rules)
        thresholds = _thresholds(f'{where}: thresholds', profile.thresholds, rules)
        profile = replace(profile, severities=severities, thresholds=thresholds)
        known[name] = with_kinds(profile, vocabulary.kinds)
    return Profiles(default=known[default], by_name=known, releases=releases)


def _configured_severities(
    raw: Mapping[Any, Any], rules: Sequence[Rule]
) -> tuple[dict[str, Severity], tuple[tuple[str, Mapping[str, Severity]], ...]]:
    """Return what ``designnote_rules`` says of every page, and what it says of some."""
    names = {name for rule in rules for name in (rule.code, rule.name)}
    globs = [key for key, value in raw.items() if isinstance(value, Mapping) and key not in names]
    by_path = tuple(
        (_string('designnote_rules', glob), _severities(f'designnote_rules[{glob!r}]', raw[glob], rules))
        for glob in globs
    )
    everywhere = {key: value for key, value in raw.items() if key not in globs}
    return _severities('designnote_rules', everywhere, rules), by_path


def _severities(where: str, raw: Mapping[Any, Any], rules: Sequence[Rule]) -> dict[str, Severity]:
    codes = {name: rule.code for rule in rules for name in (rule.code, rule.name)}
    severities = [str(severity) for severity in Severity]
    result: dict[str, Severity] = {}
    for name, severity in raw.items():
        if name not in codes:
            raise ConfigError(f'{where} names {name!r}, which is no rule{did_you_mean(str(name), codes)}')
        if severity not in severities:
            raise ConfigError(f'{where}[{name!r}] is {severity!r}{accepted(str(severity), severities)}')
        result[codes[name]] = Severity(severity)
    return result


def _thresholds(where: str, raw: Mapping[Any, Any], rules: Sequence[Rule]) -> dict[str, int]:
    known = default_thresholds(rules)
    for name, number in raw.items():
        if name not in known:
            raise ConfigError(f'{where} names {name!r}, by which no rule measures{accepted(str(name), known)}')
        if type(number) is not int or number < 0:
            raise ConfigError(f'{where}[{name!r}] is {number!r}; it must be a whole number, 0 or more')
    return dict(raw)


def _need_shape(config: Config, vocabulary: Vocabulary) -> NeedShape | None:
    types: dict[str, str | None] = {kind: kind for kind in vocabulary.kinds}
    for kind, name in config.designnote_needs_types.items():
        where = f'designnote_needs_types[{kind!r}]'
        if kind not in types:
            hint = did_you_mean(str(kind), types)
            raise ConfigError(f'designnote_needs_types names {kind!r}, which is no kind{hint}')
        if name is not None and not (isinstance(name, str) and _TYPE.fullmatch(name)):
            raise ConfigError(f'{where} is {name!r}; it must be the name of a type of need, or None')
        types[kind] = name
    chosen = {kind: name for kind, name in types.items() if name is not None}
    return shape_of(vocabulary, chosen) if config.designnote_needs else None


def _fail_on(value: str) -> Severity:
    words = {'error': Severity.ERROR, 'warning': Severity.WARNING, 'never': Severity.OFF}
    if value not in words:
        raise ConfigError(f'designnote_fail_on is {value!r}{accepted(value, words)}')
    return words[value]


def _baseline(name: str, confdir: Path) -> Baseline:
    if not name:
        return Baseline()
    fix = "write one with 'designnote baseline'"
    try:
        return read_baseline((confdir / name).read_bytes())
    except OSError as error:
        raise ConfigError(f'designnote_baseline is {name!r}, which cannot be read: {error.strerror}; {fix}') from None
    except DeclarationError as error:
        raise ConfigError(f'designnote_baseline is {name!r}, which is no baseline: {error}; {fix}') from None


def _repository_root(name: str, confdir: Path) -> Path | None:
    if not name:
        return None
    root = (confdir / name).resolve()
    if not confdir.resolve().is_relative_to(root) or not root.is_dir():
        raise ConfigError(
            f"designnote_repository_root is {name!r}; it must be a folder that holds conf.py, such as '..' or '.'"
        )
    return root


def _url(where: str, template: str, names: tuple[str, ...]) -> str:
    try:
        template.format(**dict.fromkeys(names, ''))
    except (KeyError, IndexError, ValueError, AttributeError):
        braces = ', '.join(f'{{{name}}}' for name in names)
        raise ConfigError(f'{where} is {template!r}; the only braces in it may be {braces}') from None
    return template


def _with_known(naming: Naming, name: str, confdir: Path) -> Naming:
    if not name:
        return naming
    path = confdir / name
    try:
        raw = tomllib.loads(path.read_text('utf-8'))
    except OSError as error:
        raise ConfigError(f'designnote_known is {name!r}, which cannot be read: {error.strerror}') from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f'designnote_known is {name!r}, which is no TOML: {error}') from None
    known: dict[str, list[str]] = {}
    for key, names in raw.items():
        if key not in _KNOWN_KINDS:
            raise ConfigError(f'designnote_known: {name}: {key!r} is unknown{accepted(key, _KNOWN_KINDS)}')
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            raise ConfigError(f'designnote_known: {name}: {key!r} must be a list of strings')
        known[_KNOWN_KINDS[key]] = names
    return naming.also_knowing(known)
