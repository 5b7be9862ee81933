"""The forms of an organisation: its steps on the way in, « Ma structure », the operator's lists."""
