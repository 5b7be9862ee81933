"""Pages of the programme « service civique »."""
