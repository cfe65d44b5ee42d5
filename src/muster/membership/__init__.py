"""Who belongs to which organization, and since when."""
