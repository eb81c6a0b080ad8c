"""The documentation as pages and as data."""
