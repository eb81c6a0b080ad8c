"""SOPS files: documents -> documents with secrets, sealed or revealed; what needs no key (SPEC section 6)."""

from cfgc.stages.secrets.access import Access, Components
from cfgc.stages.secrets.seal import seal

__all__ = ["Access", "Components", "seal"]
