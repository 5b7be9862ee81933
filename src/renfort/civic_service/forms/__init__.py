"""Forms of the programme « service civique »."""
