"""Messages to people and offices: an outbox in the database, and the channels that carry it out."""
