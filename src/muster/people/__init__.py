"""The people: where they live and work, what they can do, when they are free."""
