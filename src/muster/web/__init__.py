"""The desk: screens for headquarters and community offices."""
