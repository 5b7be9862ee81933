"""Who may, whether, and how the law counts."""
