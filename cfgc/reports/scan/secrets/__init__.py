"""Secrets in plain text: by their form anywhere in a text, by the name of their key in an outline. Never a value."""

from cfgc.reports.scan.secrets.find import Suspicion, find_secrets
from cfgc.reports.scan.secrets.shown import shown_name

__all__ = ["Suspicion", "find_secrets", "shown_name"]
