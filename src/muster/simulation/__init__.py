"""The city simulated: people who come late, fall ill, lose signal and ask for help, as clients of the real interface.

Nothing here writes into the database while people act: what they do goes through the server, as from real phones.
"""
