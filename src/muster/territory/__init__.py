"""The territory: a tree of areas from a city down to one entrance, its levels being data."""
