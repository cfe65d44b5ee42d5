"""Long lists of an area, filtered, sorted and turned page by page, as quick at a million rows as at ten."""
