"""The vocabulary and the records; knows nothing of Sphinx or docutils."""
