"""The demonstration: the cement shift-leaders' contest in the middle of its final."""
