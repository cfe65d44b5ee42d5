"""Records that stand twice: found, made one, and parted again exactly as they were."""
