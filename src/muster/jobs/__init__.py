"""Work beside the desk: a worker solves the plans that were ordered, one after another."""
