"""Pair: each job to one agent within what the agents offer, near the optimum, with a valid bound."""
