"""Needs: what a resident or household asks for, or is found to need."""
