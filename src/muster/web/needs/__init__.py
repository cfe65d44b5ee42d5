"""The needs desk: the queue of an area, who can carry what, and what was asked twice."""
