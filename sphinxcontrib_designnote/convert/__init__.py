"""A note in other words: plain or with directives, MyST or reStructuredText, with the same items."""
