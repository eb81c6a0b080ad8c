"""`cfgc docs`: reference documentation made from schemas and layers."""

from cfgc.reports.docs.collect import collect
from cfgc.reports.docs.model import Docs

__all__ = ["Docs", "collect"]
