"""The interface for phones and other programs: version 1, described by its own OpenAPI document."""
