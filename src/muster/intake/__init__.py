"""Lists as offices have them: recognized, mended on the spot, taken by the rooms they belong to, and undone whole."""
