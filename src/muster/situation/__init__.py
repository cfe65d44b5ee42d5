"""The situation: measures that open the rows they were counted from."""
