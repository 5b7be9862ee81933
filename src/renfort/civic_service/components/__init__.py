"""Small pieces of pages that several views show."""
