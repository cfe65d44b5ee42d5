"""What a resident sees who opens the page of their door: no account, no script, no number of any person."""
