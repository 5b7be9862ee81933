"""Who may, and whether it is possible: pure questions, a module per subject."""
