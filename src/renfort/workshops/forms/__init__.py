"""The forms of the programme."""
