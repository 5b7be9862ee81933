"""The header in which the benchmark's server says how many queries an answer took."""

QUERIES = "X-Bench-Queries"
