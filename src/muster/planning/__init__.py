"""The planners: pure, typed, without Django; usable as a library and by ``muster solve``."""
