"""SOPS files: documents -> documents with secrets, sealed or revealed; what needs no key (SPEC section 6)."""

from cfgc.stages.secrets.access import Access, Components
from cfgc.stages.secrets.creation_rules import check_creation_rules
from cfgc.stages.secrets.plain_text import check_plain_text
from cfgc.stages.secrets.recipients import check_recipients
from cfgc.stages.secrets.reveal import Doors, Revealer
from cfgc.stages.secrets.seal import SealedDocument, seal

__all__ = [
    "Access",
    "Components",
    "Doors",
    "Revealer",
    "SealedDocument",
    "check_creation_rules",
    "check_plain_text",
    "check_recipients",
    "seal",
]
