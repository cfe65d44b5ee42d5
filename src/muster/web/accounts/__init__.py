"""Accounts on the desk: who has one, what each may do, and the passwords that only their owners know."""
