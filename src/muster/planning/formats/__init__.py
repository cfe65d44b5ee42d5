"""Public benchmark formats, Parquet and JSON."""
