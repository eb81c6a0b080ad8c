"""A value over commits: its log, the commit behind each value, and the commit behind a change."""
