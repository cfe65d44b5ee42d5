"""Settings, addresses and server entry: the only place that knows everything."""
