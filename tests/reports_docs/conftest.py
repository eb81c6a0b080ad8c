"""What the tests of `cfgc docs` share."""

from __future__ import annotations

from tests.system.conftest import age_key, cfgc, seal

__all__ = ["age_key", "cfgc", "seal"]
