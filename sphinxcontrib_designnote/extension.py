"""Wires everything together; the one place that knows both Sphinx and all of the package."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Set
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils.parsers.rst import directives
from sphinx.application import ENV_PICKLE_FILENAME
from sphinx.domains import ObjType
from sphinx.errors import ConfigError
from sphinx.util import logging

from sphinxcontrib_designnote.bridges.anchors import AddNeedAnchors, shown_anchors
from sphinxcontrib_designnote.capture.directives import directive_for
from sphinxcontrib_designnote.capture.markdown import find_broken_fences, read_front_matter
from sphinxcontrib_designnote.capture.page import current_page
from sphinxcontrib_designnote.capture.reader import ReadNote
from sphinxcontrib_designnote.capture.rendering import DOMAIN, OF_OPTION
from sphinxcontrib_designnote.capture.written import WrittenDirective
from sphinxcontrib_designnote.conf_values import CONFIG_VALUES
from sphinxcontrib_designnote.config import Settings, keep_settings, settings_of
from sphinxcontrib_designnote.diagnostics import accepted
from sphinxcontrib_designnote.model.schema import NOTE
from sphinxcontrib_designnote.outputs.builder import DesignNoteBuilder, log_findings
from sphinxcontrib_designnote.rules import engine
from sphinxcontrib_designnote.store.backlinks import ShowBacklinks
from sphinxcontrib_designnote.store.domain import DesignNoteDomain
from sphinxcontrib_designnote.store.index import index_for
from sphinxcontrib_designnote.store.links import LabelItems, LinkNames
from sphinxcontrib_designnote.store.roles import ItemRole
from sphinxcontrib_designnote.store.written import WrittenPages
from sphinxcontrib_designnote.tables import STYLESHEET
from sphinxcontrib_designnote.version import __version__
from sphinxcontrib_designnote.views import VIEWS
from sphinxcontrib_designnote.views import directives as directives_of_views
from sphinxcontrib_designnote.views.directives import ViewPlace
from sphinxcontrib_designnote.views.pages import ShowViews, add_scripts, shown_by_views

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx import addnodes
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.domains import Domain
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

#: What every builder reports: installing the extension turns no green build red for anything but these.
EVERYWHERE = frozenset({'DN105', 'DN106', 'DN112', 'DN201', 'DN202', 'DN203'})

#: Major versions of sphinx-needs that the bridge is tested with.
NEEDS_VERSIONS = ('8', '9')

#: Roles whose unknown targets only the rules of the builder report (DN208 to DN211).
_ROLES_OF_DECLARED = frozenset({'endpoint', 'flag', 'entity', 'field'})


#: Not for ``conf.py``: a file that the configuration names is no part of it, and Sphinx compares values only.
_PROFILE_DIGEST = 'designnote_profile_digest'


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything that does not depend on configuration."""
    app.add_domain(DesignNoteDomain)
    app.add_builder(DesignNoteBuilder)
    app.add_post_transform(AddNeedAnchors)
    app.add_post_transform(LinkNames)
    app.add_post_transform(LabelItems)
    app.add_post_transform(ShowBacklinks)
    app.add_post_transform(ShowViews)
    app.add_node(ViewPlace)
    app.setup_extension('sphinx.ext.graphviz')
    for value in CONFIG_VALUES:
        app.add_config_value(value.name, value.default, value.rebuild, value.types)
    app.add_config_value(_PROFILE_DIGEST, '', 'env', (str,))
    app.add_transform(ReadNote)
    app.add_css_file(STYLESHEET)
    app.connect('config-inited', register_kinds)
    app.connect('config-inited', add_static_path)
    # sphinx-needs loads its configuration at 500 and checks it from 550 on.
    app.connect('config-inited', bridge_to_needs, priority=520)
    app.connect('warn-missing-reference', leave_to_rules)
    app.connect('builder-inited', check_builder_names)
    app.connect('builder-inited', tell_builder)
    app.connect('env-get-outdated', pages_read_in_vain)
    app.connect('source-read', read_source)
    app.connect('env-updated', pages_to_write)
    app.connect('doctree-resolved', page_is_written)
    app.connect('html-page-context', add_table_scripts)
    app.connect('env-check-consistency', check_consistency)
    app.connect('build-finished', set_status)
    app.connect('build-finished', keep_written)
    return {'version': __version__, 'env_version': 1, 'parallel_read_safe': True, 'parallel_write_safe': True}


def register_kinds(app: Sphinx, config: Config) -> None:
    """Validate the configuration, and make directive, role, object type and index of every kind it knows."""
    settings = Settings.from_config(config, Path(app.confdir))
    keep_settings(config, settings)
    config[_PROFILE_DIGEST] = settings.profile_digest
    for kind in settings.vocabulary.kinds.values():
        directive = directive_for(kind, settings.vocabulary)
        app.add_directive_to_domain('dn', kind.name, directive, override=True)
        app.add_role_to_domain('dn', kind.role, ItemRole(kind.name), override=True)
        app.registry.domain_object_types.setdefault('dn', {})[kind.role] = ObjType(kind.label, kind.role)
        app.add_index_to_domain('dn', index_for(kind))
        if settings.global_directives:
            _add_short_name(app, kind.name, directive)
    for view in VIEWS.values():
        shown = directives_of_views.directive_for(view, settings.vocabulary)
        app.add_directive_to_domain('dn', view.name, shown, override=True)
        if settings.global_directives:
            _add_short_name(app, view.name, shown)
    app.add_role_to_domain('dn', 'item', ItemRole(None), override=True)
    app.registry.domain_object_types['dn']['item'] = ObjType('item', 'item')


def bridge_to_needs(app: Sphinx, config: Config) -> None:
    """Make needs of all items where sphinx-needs runs, whichever of the two extensions is loaded first.

    :raises ConfigError: when its version is one that the bridge does not know.
    """
    settings = settings_of(config)
    extension, shape = app.extensions.get('sphinx_needs'), settings.need_shape
    if extension is None or shape is None:
        if settings.requirement_types:
            reason = 'sphinx_needs is not among the extensions' if extension is None else 'designnote_needs is False'
            logger.warning('designnote_requirement_types is ignored: %s', reason, type='designnote', subtype='needs')
        return
    if extension.version.partition('.')[0] not in NEEDS_VERSIONS:
        raise ConfigError(
            f'sphinx-needs is {extension.version}; items are needs with sphinx-needs {" and ".join(NEEDS_VERSIONS)} '
            "('sphinx-needs>=8,<10'), or with none: set designnote_needs = False"
        )
    needs = importlib.import_module('sphinxcontrib_designnote.bridges.needs')
    needs.connect(app, config, shape)


def _add_short_name(app: Sphinx, name: str, directive: type[WrittenDirective]) -> None:
    existing = directives._directives.get(name)  # type: ignore[attr-defined]  # no public way to ask
    if existing is not None and not (isinstance(existing, type) and issubclass(existing, WrittenDirective)):
        owner = getattr(existing, '__module__', 'another extension')
        logger.info("designnote: the directive '%s' belongs to %s; write 'dn:%s' for ours", name, owner, name)
        return
    app.add_directive(name, directive, override=True)


def add_static_path(app: Sphinx, config: Config) -> None:
    """Let HTML builders find the stylesheet. Now, and not later, or each build would find its configuration changed.

    In an EPUB no script runs: what only scripts need is left out.
    """
    static = Path(__file__).parent / 'static'
    config.html_static_path = [*config.html_static_path, str(static)]
    scripts = [*static.glob('*.js'), *(path for path in static.glob('vendor/**/*') if path.is_file())]
    names = sorted(f'_static/{path.relative_to(static).as_posix()}' for path in scripts)
    config.epub_exclude_files = [*config.epub_exclude_files, *names]


def check_builder_names(app: Sphinx) -> None:
    """Refuse a name in ``designnote_check_in`` that no builder has; before now not all builders are registered."""
    known = {*app.registry.builders, *(entry.name for entry in metadata.entry_points(group='sphinx.builders'))}
    for name in sorted(settings_of(app.config).check_in - known):
        raise ConfigError(f'designnote_check_in names {name!r}, which is no builder{accepted(name, known)}')


def leave_to_rules(app: Sphinx, domain: Domain | None, node: addnodes.pending_xref) -> bool | None:
    """Keep Sphinx from reporting, in a nitpicky build, what a rule reports in every build, or has reason not to."""
    if node.get('refdomain') != DOMAIN:
        return None
    return True if node.get(OF_OPTION) or node['reftype'] not in _ROLES_OF_DECLARED else None


def read_source(app: Sphinx, docname: str, source: list[str]) -> None:
    """Read what only the source of a page tells."""
    page = current_page(app.env)
    page.source = source[0]
    if not page.restructured:
        kinds = settings_of(app.config).vocabulary.kinds
        read_front_matter(source[0], kinds[NOTE], page)
        find_broken_fences(source[0], kinds, page)


def tell_builder(app: Sphinx) -> None:
    """Let the domain know who will write, and what there is to show: a reference depends on that."""
    domain = cast('DesignNoteDomain', app.env.get_domain('dn'))
    domain.builder = app.builder
    domain.find_shown += [functools.partial(find, domain) for find in (shown_by_views, shown_anchors)]


def pages_read_in_vain(
    app: Sphinx, env: BuildEnvironment, added: Set[str], changed: Set[str], removed: Set[str]
) -> list[str]:
    """Have pages read again whose doctree is of a build that broke off before it stored the environment.

    Sphinx takes such a doctree for that of the build before, if the source is as old as that and a change of the
    configuration has been taken back.
    """
    stored = _modified(Path(env.doctreedir, ENV_PICKLE_FILENAME))
    return [docname for docname in env.all_docs if _modified(Path(env.doctreedir, f'{docname}.doctree')) > stored]


def _modified(path: Path) -> int:
    """Return when *path* was modified, in nanoseconds; 0 where there is no such file."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have pages written again that show something else than when they were last written into this folder."""
    if isinstance(app.builder.get_outdated_docs(), str):  # and no names of pages: it writes everything
        return []
    domain = cast('DesignNoteDomain', env.get_domain('dn'))
    domain.written = WrittenPages(Path(app.outdir))
    return domain.written.outdated(env.all_docs, domain.shown())


def page_is_written(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Take note of a page that is about to be written."""
    domain = cast('DesignNoteDomain', app.env.get_domain('dn'))
    if domain.written is not None:
        domain.written.add(docname)


def keep_written(app: Sphinx, exception: Exception | None) -> None:
    """Remember what the pages were written from, if the build came to its end."""
    domain = cast('DesignNoteDomain', app.env.get_domain('dn'))
    if exception is None and domain.written is not None:
        domain.written.keep()


def add_table_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add to a page with tables what sorts and filters them."""
    domain = cast('DesignNoteDomain', app.env.get_domain('dn'))
    page = domain.notes.get(pagename)
    if (page is not None and page.views) or app.builder.name == 'singlehtml':
        add_scripts(app, doctree)


def check_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Report findings in ordinary builds; the designnote builder does so itself, even when nothing has changed."""
    if app.builder.name == DesignNoteBuilder.name:
        return
    domain = cast('DesignNoteDomain', env.get_domain('dn'))
    if app.builder.name in domain.settings.check_in:
        log_findings(domain.findings, env)
    else:
        settings = domain.settings.rules
        rules = [rule for rule in settings.rules if rule.code in EVERYWHERE]
        log_findings(engine.run(rules, domain.graph, settings), env)


def set_status(app: Sphinx, exception: Exception | None) -> None:
    """Let the builder fail when a finding is bad enough (``designnote_fail_on``)."""
    if exception is not None or app.builder.name != DesignNoteBuilder.name:
        return
    domain = cast('DesignNoteDomain', app.env.get_domain('dn'))
    if any(finding.fails(domain.settings.fail_on) for finding in domain.findings):
        app.statuscode = app.statuscode or 1
