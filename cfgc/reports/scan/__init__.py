"""`cfgc scan`: an inventory of every configuration source of a repository, which need not be a project of cfgc.

A listing gives names, `names` tells what may hold configuration, `examine` reads one file into `Facts`, and `scan` adds
what only all files together, Git and CODEOWNERS tell.
"""

from cfgc.reports.scan.inventory import Inventory
from cfgc.reports.scan.scan import Request, scan

__all__ = ["Inventory", "Request", "scan"]
