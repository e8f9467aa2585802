"""To and from other tools: each module here is the only one that knows its tool."""
