"""The files that are taken out of the programme, a module per subject."""
