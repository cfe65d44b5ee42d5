"""The demo cities: real trees, people declared synthetic."""
