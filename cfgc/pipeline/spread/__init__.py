"""Environments rendered on other machines (docs/decisions/0019): parcels there and back, and the rest done here."""
