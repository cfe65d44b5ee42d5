"""Who may see and change what: accounts, roles and their scopes."""
