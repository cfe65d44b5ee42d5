"""Importing lists on the desk: bringing them, saying what their columns mean, mending, taking, undoing."""
