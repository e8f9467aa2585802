"""Whatever was built before: after an edit every page shows what a clean build makes of the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from tests.conftest import BuildProject, Built

#: Few examples, always the same ones: each builds a project several times, and so none is made smaller.
FEW = settings(
    max_examples=15,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
VIEWS = """\
# Views

```{traceability-table} endpoints
```

```{traceability-table} flags
:filter: status != "rejected"
:group-by: note
```

```{traceability-table} findings
:columns: Code, Message, Note
```

```{traceability-table} notes
```

```{traceability-matrix} endpoint x test
```
"""
INDEX = '# Home\n\n```{toctree}\n:glob:\n\n*\n```\n'
NAMES = ('one', 'two', 'three')
ITEMS = (
    '```{endpoint} POST /a\n:change: new\n:flag: f_1\n```\n',
    '```{endpoint} POST /a\n:change: changed\n:purpose: Something else\n```\n',
    '```{endpoint} GET /b\n:change: removed\n```\n',
    '```{feature-flag} f_1\n:default: off\n```\n',
    '```{authorization} POST /a\n:roles: editor\n```\n',
    '```{test-case} Test POST /a\n:level: unit\n```\n',
    '```{test-case} Test GET /b with f_1\n:level: e2e\n```\n',
    '```{impact-summary}\n```\n',
)


@st.composite
def notes(draw: st.DrawFn) -> str:
    title = draw(st.sampled_from(('One', 'Two', 'A note')))
    status = draw(st.sampled_from(('draft', 'accepted', 'rejected', 'implemented')))
    items = draw(st.lists(st.sampled_from(ITEMS), max_size=4))
    return f'# Design Note: {title}\n\n```{{design-note}}\n:status: {status}\n```\n\n' + '\n'.join(items)


#: A name of a page to its new text; ``None`` deletes it. Two at once can be a renaming.
EDITS = st.dictionaries(st.sampled_from(NAMES), st.none() | notes(), min_size=1, max_size=2)


def pages_of(built: Built) -> dict[str, str]:
    # What Sphinx leaves behind of a page that is gone is not looked at.
    names = [path.stem for path in built.srcdir.glob('*.md')]
    return {name: (built.outdir / f'{name}.txt').read_text('utf-8') for name in sorted(names)}


@FEW
@given(
    start=st.dictionaries(st.sampled_from(NAMES), notes()),
    edits=st.lists(st.tuples(EDITS, st.booleans()), min_size=1, max_size=3),
)
def test_pages_are_what_a_clean_build_makes_of_them(
    build: BuildProject, start: dict[str, str], edits: list[tuple[dict[str, str | None], bool]]
) -> None:
    sources: dict[str, str | None] = dict(start)
    fixed = {'index.md': INDEX, 'views.md': VIEWS}

    def files(pages: dict[str, str | None]) -> dict[str, str | None]:
        return {f'{name}.md': text for name, text in pages.items()}

    built = build({**fixed, **{name: text for name, text in files(sources).items() if text is not None}}, 'text')
    for edit, parallel in edits:
        known = {name: text for name, text in edit.items() if text is not None or sources.get(name) is not None}
        sources |= edit
        built = built.again(files(known), parallel=2 if parallel else 1)
        clean = {name: text for name, text in files(sources).items() if text is not None}
        assert pages_of(built) == pages_of(build({**fixed, **clean}, 'text'))
