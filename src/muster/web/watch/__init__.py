"""Watch duties: the rounds of a day over an area, what was seen entered from paper, and the duties themselves."""
