"""The Sphinx domain: records by page, roles, indices."""
