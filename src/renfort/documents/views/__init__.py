"""Pages of the papers: verify one, fetch one's own."""
