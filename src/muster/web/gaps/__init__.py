"""Gaps at the desk: the list, one gap looked at closely, and the clocks that move them on."""
