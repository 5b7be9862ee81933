"""The programme's pages: the association's, the coordination's, the facilitators'."""
