"""sphinx-needs: every note and item is one of its needs, and its other needs are requirements here.

The only module that imports sphinx-needs. The domain stays where things are kept: needs are made of it once a build,
just before sphinx-needs resolves links, so that purging, merging and storing pages need nothing of their own.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from docutils.parsers.rst import directives
from sphinx.errors import ConfigError
from sphinx.util import logging
from sphinx_needs.api import InvalidNeedException, add_field, add_need_type, generate_need
from sphinx_needs.config import _NEEDS_CONFIG, NeedsSphinxConfig
from sphinx_needs.data import NeedsInfoType, SphinxNeedsData
from sphinx_needs.need_item import NeedItem, NeedItemSourceUnknown, NeedsContent
from sphinx_needs.needs_schema import FieldsSchema

from sphinxcontrib_designnote.bridges.anchors import ids_of
from sphinxcontrib_designnote.bridges.need_records import NeedRecord, need_records
from sphinxcontrib_designnote.capture.rendering import DOMAIN
from sphinxcontrib_designnote.config import keep_settings, settings_of
from sphinxcontrib_designnote.diagnostics import SourceLocation, did_you_mean
from sphinxcontrib_designnote.model.needs import NeedShape, shape_of
from sphinxcontrib_designnote.model.records import Requirement
from sphinxcontrib_designnote.model.schema import Vocabulary
from sphinxcontrib_designnote.relations.collector import at_rest

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from sphinxcontrib_designnote.store.domain import DesignNoteDomain

logger = logging.getLogger(__name__)

#: Of more needs that are refused for one reason than this the rest are counted.
_SHOWN = 3


def connect(app: Sphinx, config: Config, shape: NeedShape) -> None:
    """Register types, fields and links, and have the needs made.

    :param shape: of items, as far as their own configuration decides.

    To be called while the configuration is initialised, once sphinx-needs has loaded its own and before it checks it.
    """
    settings = settings_of(config)
    shape = _register(app, config, settings.vocabulary, shape.types)
    known = {need_type['directive'] for need_type in NeedsSphinxConfig(config).types}
    for name in settings.requirement_types:
        if name not in known:
            raise ConfigError(
                f'designnote_requirement_types names {name!r}, which is no type of need{did_you_mean(name, known)}'
            )
    keep_settings(config, replace(settings, need_shape=shape))
    needs = _Needs(app)
    app.connect('builder-inited', needs.tell_domain)
    app.connect('env-before-read-docs', needs.forget, priority=100)  # before sphinx-needs looks at what there is
    app.connect('needs-before-post-processing', needs.make)


def _register(app: Sphinx, config: Config, vocabulary: Vocabulary, types: Mapping[str, str]) -> NeedShape:
    needs_config = NeedsSphinxConfig(config)
    # Up to version 8 a type is added to this list, which may be the default that all projects of a process share.
    config['needs_types'] = list(config['needs_types'])
    prefixes = {need_type['directive']: need_type['prefix'] for need_type in needs_config.types}
    for kind, name in types.items():
        if name not in prefixes:
            prefixes[name] = ''
            _add_type(app, name, vocabulary.kinds[kind].label)
    own_fields = {name: _type_of_field(params.schema) for name, params in _NEEDS_CONFIG.fields.items()}
    own_links = {*config['needs_links'], *(link['option'] for link in config['needs_extra_links'])}
    shape = shape_of(vocabulary, types, own_fields=own_fields, own_links=own_links, prefixes=prefixes)
    _warn_of_other_names(shape, {*own_fields, *own_links})
    for field in {field.name: field for field in shape.fields.values()}.values():
        if field.name not in own_fields:
            is_array = field.type == 'array'
            schema = {'type': field.type} | ({'items': {'type': 'string'}} if is_array else {})
            add_field(
                field.name,
                field.doc,
                schema=schema | ({'format': 'date'} if field.date else {}),  # type: ignore[arg-type]  # one of its union
                nullable=not is_array,
                default=[] if is_array else None,
                parse_variants=False,
                parse_dynamic_functions=False,
            )
    config['needs_links'] = {
        **{
            shape.links[link.name]: {'outgoing': link.name.replace('-', ' '), 'incoming': link.inverse}
            for link in vocabulary.links.values()
            if shape.links[link.name] not in own_links
        },
        **config['needs_links'],
    }
    return shape


def _warn_of_other_names(shape: NeedShape, own: Collection[str]) -> None:
    names = {key: field.name for key, field in shape.fields.items()}
    names |= {type_.replace('-', '_'): name for type_, name in shape.links.items()}
    for key, name in names.items():
        if name != key and key in own:
            logger.warning(
                "'%s' cannot hold what items say, as the project declares it for its needs; items have '%s' instead",
                key,
                name,
                type='designnote',
                subtype='needs',
            )


def _type_of_field(schema: object) -> str:
    return str(schema.get('type', 'string')) if isinstance(schema, Mapping) else 'string'


def _add_type(app: Sphinx, name: str, title: str) -> None:
    """Add a type of need, and not the directive of its name: that is ours, or another extension's, or nobody's."""
    registered = directives._directives  # type: ignore[attr-defined]  # no public way to ask
    before = registered.pop(name, None)
    add_need_type(app, name, title, prefix='')
    del registered[name]
    if before is not None:
        registered[name] = before


class _Needs:
    """The needs of an application."""

    def __init__(self, app: Sphinx) -> None:
        self._app = app
        #: Ids of those that this process has made, and that the environment still has.
        self._made: set[str] = set()

    @property
    def _domain(self) -> DesignNoteDomain:
        return cast('DesignNoteDomain', self._app.env.get_domain(DOMAIN))

    @property
    def _data(self) -> SphinxNeedsData:
        return SphinxNeedsData(self._app.env)

    def tell_domain(self, app: Sphinx) -> None:
        """Let the domain ask for needs that are not ours, and for what pages show of those that are."""
        self._domain.find_requirements = self._requirements
        self._domain.find_shown.append(self._shown)

    def forget(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Take the needs of an earlier build in this process away: they are neither read nor stored."""
        self._remove(self._data.get_needs_mutable())
        self._domain.forget()

    def _remove(self, needs: dict[str, NeedItem]) -> None:
        for id_ in self._made:
            needs.pop(id_, None)
        self._made.clear()
        # sphinx-needs keeps its view of all needs for as long as the process lives.
        self._app.env.__dict__.pop('_needs_view', None)

    def _requirements(self) -> Iterator[tuple[str, Requirement]]:
        """Yield each need that is not ours by its id, and by those of its parts."""
        env, data, wanted = self._app.env, self._data, self._domain.settings.requirement_types
        needs = data.get_needs_view() if data.needs_is_post_processed else data.get_needs_mutable()
        for id_, need in needs.items():
            if id_ in self._made:
                continue
            docname = need['docname']
            path = env.doc2path(docname, False) if docname else ''
            requirement = Requirement(
                id=id_,
                type=need['type'],
                title=need['title'],
                status=need['status'],
                docname=docname,
                location=SourceLocation(path=str(path), line=need['lineno'] or 1) if docname else None,
                url=need['external_url'],
                wanted=need['type'] in wanted,
            )
            yield id_, requirement
            for part in need['parts']:
                yield f'{id_}.{part}', requirement

    def _shown(self) -> Iterator[tuple[str, str]]:
        """Yield for each page that uses needs in any way a digest of all of ours.

        Filters are expressions: which page shows which needs is known when it is written.
        """
        hashed = hashlib.sha256()
        for record in self._domain.derive(_records):
            hashed.update(repr(record).encode('utf-8', 'replace'))
        for docname in set(self._data.get_or_create_docs()['all']) & self._app.env.all_docs.keys():
            yield docname, hashed.hexdigest()

    @at_rest
    def make(self, app: Sphinx, needs: dict[str, NeedItem]) -> None:
        """Make a need of each note and item."""
        self._remove(needs)
        makes = _MakesNeeds(NeedsSphinxConfig(app.config), self._data.get_schema())
        refused: dict[str, list[NeedRecord]] = defaultdict(list)
        for record in self._domain.derive(_records):
            if (other := needs.get(record.id)) is not None:
                _warn_of_duplicate(record, other)
                continue
            try:
                needs[record.id] = makes.need(record)
            except InvalidNeedException as error:
                refused[error.message].append(record)
            else:
                self._made.add(record.id)
        _warn_of_refused(refused)


class _MakesNeeds:
    """Makes needs of records, as ``generate_need`` would; where it can, without going through all fields for each.

    A project with our kinds has some eighty fields and twenty links, of which an item states a few: ``generate_need``
    takes 0.5 ms to find what the others are by default, and that is the same for all needs of a type, unless the
    project has defaults that depend on more.
    """

    def __init__(self, config: NeedsSphinxConfig, schema: FieldsSchema) -> None:
        self._config = config
        self._schema = schema
        #: By type; ``None`` where what a need does not state depends on what it states.
        self._moulds: dict[str, _Mould | None] = {}

    def need(self, record: NeedRecord) -> NeedItem:
        """Make a need.

        :raises InvalidNeedException: when sphinx-needs or the project's configuration refuses it.
        """
        if (accepted := self._config.id_regex) and not re.match(accepted, record.id):
            raise InvalidNeedException(
                'invalid_id', f"its id does not match needs_id_regex ('{accepted}'), which has to accept it"
            )
        if record.type not in self._moulds:
            empty = self._generate(replace(record, status=None, tags=(), fields={}, links={}))
            self._moulds[record.type] = _Mould.of(empty) if self._is_plain(empty) else None
        mould = self._moulds[record.type]
        return self._generate(record) if mould is None else mould.filled(record)

    def _is_plain(self, empty: NeedItem) -> bool:
        """Whether all that a need of this type does not state is as in *empty*."""
        # Since version 9 a type may declare a field anew.
        schema = self._schema.for_type(empty['type']) if hasattr(self._schema, 'for_type') else self._schema
        fields: tuple[Any, ...] = (
            *schema.iter_core_fields(), *schema.iter_extra_fields(), *schema.iter_link_fields(),
        )  # fmt: skip
        computed = any(
            field.predicate_defaults or getattr(field, 'derived', False) or getattr(field, 'copy', False)
            for field in fields
        )
        templates = any(empty[name] for name in ('template', 'pre_template', 'post_template'))
        return not (computed or templates or empty.has_dynamic_fields)

    def _generate(self, record: NeedRecord) -> NeedItem:
        return generate_need(
            self._config,
            self._schema,
            record.type,
            record.title,
            need_source=_source(record),
            id=record.id,
            doctype=record.doctype,
            content=record.content,
            status=record.status,
            tags=list(record.tags),
            sections=record.sections,
            # Nothing that an author wrote is a function or a variant.
            allow_type_coercion=False,
            **cast('dict[str, Any]', {**record.fields, **record.links}),
        )


@dataclass(frozen=True, slots=True)
class _Mould:
    """What needs of a type have in common that state nothing."""

    core: Mapping[str, Any]
    fields: Mapping[str, Any]
    #: Those of the fields that are lists, which no two needs may share: needextend adds to them.
    lists: Mapping[str, list[Any]]
    links: Mapping[str, list[str]]
    content: NeedsContent

    @classmethod
    def of(cls, empty: NeedItem) -> _Mould:
        """Take it from a need."""
        fields = dict(empty.iter_extra_items())
        return cls(
            core={key: empty[key] for key in NeedsInfoType.__annotations__},
            fields=fields,
            lists={key: value for key, value in fields.items() if isinstance(value, list)},
            links=dict(empty.iter_links_items()),
            content=empty.content,
        )

    def filled(self, record: NeedRecord) -> NeedItem:
        """Return a need that is like all of its type in what *record* does not state."""
        own = {'id': record.id, 'title': record.title, 'tags': [*record.tags], 'sections': record.sections, 'arch': {}}
        status = {} if record.status is None else {'status': record.status}
        lists = {key: [*value] for key, value in self.lists.items()}
        return NeedItem(
            source=_source(record),
            content=replace(self.content, doctype=record.doctype, content=record.content),
            core=cast('NeedsInfoType', {**self.core, **own, **status}),
            extras={**self.fields, **lists, **record.fields},
            links={**self.links, **record.links},
            _validate=False,
        )


def _source(record: NeedRecord) -> NeedItemSourceUnknown:
    return NeedItemSourceUnknown(docname=record.docname, lineno=record.line)


def _records(domain: DesignNoteDomain) -> tuple[NeedRecord, ...]:
    shape = domain.settings.need_shape
    return () if shape is None else tuple(need_records(domain.graph, shape, domain.derive(ids_of)))


def _warn_of_duplicate(record: NeedRecord, other: NeedItem) -> None:
    place = other['docname'] or other['external_url']
    logger.warning(
        "the item would be the need '%s', which '%s' has already; give one of them another id",
        record.id,
        place,
        type='designnote',
        subtype='needs',
        location=(record.docname, record.line),
    )


def _warn_of_refused(refused: Mapping[str, list[NeedRecord]]) -> None:
    for reason, records in refused.items():
        more = f' (and {len(records) - _SHOWN} more)' if len(records) > _SHOWN else ''
        for record in records[:_SHOWN]:
            logger.warning(
                "sphinx-needs refuses the item '%s': %s%s",
                record.id,
                reason,
                more,
                type='designnote',
                subtype='needs',
                location=(record.docname, record.line),
            )
