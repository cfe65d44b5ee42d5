"""Facts from posts and doors: one batch of any kinds, put right by the clock, handed to the rooms they are for."""
