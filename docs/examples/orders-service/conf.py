project = 'Fernhill orders'
author = 'Fernhill Market'
extensions = ['myst_parser', 'sphinxcontrib_designnote']
exclude_patterns = ['_build', 'README.md']

designnote_releases = {
    '25.09': '2025-09-16',
    '25.11': '2025-11-18',
    '26.02': '2026-02-17',
    '26.05': '2026-05-19',
    '26.08': '2026-08-18',
    '26.11': '2026-11-17',
}
# What is overdue depends on the date; the example must say the same every day.
designnote_today = '2026-06-01'
# Where the sources and the rendered pages of this (invented) company would be: rows of the report link there.
designnote_source_url = 'https://git.fernhill.example/orders/blob/main/docs/{path}#L{line}'
designnote_page_url = 'https://docs.fernhill.example/orders/{docname}.html#{anchor}'

# `sphinx-build -t needs`: every item is a need of sphinx-needs, too, and one more page makes use of that.
if tags.has('needs'):  # noqa: F821 - Sphinx puts it there
    extensions += ['sphinx_needs', 'sphinx.ext.graphviz']
    needs_flow_engine = 'graphviz'
    graphviz_output_format = 'svg'
    # The mistakes of the last note are there to be found by the builder `designnote`.
    suppress_warnings = ['designnote.DN105', 'designnote.DN201']
else:
    exclude_patterns.append('traceability-needs.md')
