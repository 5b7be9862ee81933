"""Pages of the réserve, by who is looking."""
