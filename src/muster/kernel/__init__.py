"""The ground under every room: clock, ids, places on the earth, errors, the audit trail."""
