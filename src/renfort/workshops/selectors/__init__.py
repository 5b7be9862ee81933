"""What each person may know of orders, assignments, sessions and facilitators."""
