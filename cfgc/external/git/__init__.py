"""Git, by plumbing alone (THREATS G7; docs/decisions/0004-git-by-plumbing.md).

What a repository's own configuration could make Git run is shut off, the working tree is never touched, nothing is
fetched. Every failure is a diagnostic: `Failed`.
"""

from cfgc.external.git.repository import Repository, locate
from cfgc.external.git.state import blob_id, head_commit, is_clean, repository_root

__all__ = ["Repository", "blob_id", "head_commit", "is_clean", "locate", "repository_root"]
