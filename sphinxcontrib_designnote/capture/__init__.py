"""Syntax in, records out: directives, front matter, and what they show on the page."""
