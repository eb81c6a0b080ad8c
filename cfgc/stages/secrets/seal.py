"""A document as it was read -> the document with typed secrets for encrypted leaves (SPEC section 6). Needs no key."""

from __future__ import annotations

from cfgc.diagnostics import Diagnostic
from cfgc.model.layers import Document, Locator
from cfgc.stages.secrets.block import BLOCK


def seal(document: Document, locator: Locator) -> tuple[Document, list[Diagnostic]]:
    """Type the encrypted leaves of a SOPS file, and find what is wrong with it as far as no key is needed.

    Any other document comes back as it is; ciphertext in it is a finding.
    """
    if document.inert and not document.file.sops and BLOCK not in document.data:
        return document, []
    from cfgc.stages.secrets.sealing import sealed

    return sealed(document, locator)
