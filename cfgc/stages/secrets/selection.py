"""Which values of a file sops encrypts, by the file's own rule (getsops/sops `sops.go`, `shouldBeEncrypted`)."""

from __future__ import annotations

from dataclasses import dataclass

from cfgc.model.keypath import KeyPath


@dataclass(frozen=True, slots=True)
class Selection:
    """The selectors of a `sops` block; empty means not set. Each looks at every key above a value, not at indices."""

    unencrypted_suffix: str = ""
    encrypted_suffix: str = ""
    unencrypted_regex: str = ""
    encrypted_regex: str = ""
    unencrypted_comment_regex: str = ""
    encrypted_comment_regex: str = ""

    @property
    def known(self) -> bool:
        """Whether keys alone decide: comments are gone once a file is read."""
        return not (self.unencrypted_comment_regex or self.encrypted_comment_regex)

    def encrypts(self, path: KeyPath) -> bool:
        """Whether the value at a path of the file is to be encrypted; raises `external.regex.PatternError`."""
        keys = [step for step in path if isinstance(step, str)]
        chosen = True
        if self.unencrypted_suffix:
            chosen = not any(key.endswith(self.unencrypted_suffix) for key in keys)
        if self.encrypted_suffix:
            chosen = any(key.endswith(self.encrypted_suffix) for key in keys)
        if self.unencrypted_regex and _any_matches(self.unencrypted_regex, keys):
            chosen = False
        if self.encrypted_regex:
            chosen = _any_matches(self.encrypted_regex, keys)
        return chosen


def _any_matches(pattern: str, keys: list[str]) -> bool:
    from cfgc.external import regex

    return any(regex.search(pattern, key) for key in keys)
