"""Who may, and whether it is possible: pure questions, no writing. One module per subject."""
