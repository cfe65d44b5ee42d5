"""First use: from the first account to the first plan, each step left and taken up again as one likes."""
