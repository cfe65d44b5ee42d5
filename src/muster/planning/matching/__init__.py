"""Appoint: wardens and deputies to areas, exact, with a proof of optimality in the plan."""
