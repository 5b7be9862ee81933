"""Forms of the réserve: input to clean data."""
