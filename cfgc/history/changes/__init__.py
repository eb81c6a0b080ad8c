"""Two trees -> the changes between them: `changes_between`."""

from cfgc.history.changes.change import Change, Kind
from cfgc.history.changes.compare import changes_at, changes_between, identity_of
from cfgc.history.changes.moves import with_moves

__all__ = ["Change", "Kind", "changes_at", "changes_between", "identity_of", "with_moves"]
