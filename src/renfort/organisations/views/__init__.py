"""The pages of organisations: the way in, « Ma structure », the team, the operator's lists and networks."""
