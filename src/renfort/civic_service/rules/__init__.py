"""Who may do what in the programme « service civique »."""
