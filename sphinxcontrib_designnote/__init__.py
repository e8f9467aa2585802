"""A design note that is data."""
