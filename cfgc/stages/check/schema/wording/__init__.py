"""Findings of the engines -> diagnostics in words that a user of YAML knows."""
