"""What stands where a secret would, and is none: references, examples, words that say so, ciphertext."""

from __future__ import annotations

import re
from collections import Counter
from math import log2

_REFERENCE = re.compile(
    r"\$[({A-Za-z_]|\{\{|\{%|<%|%\(|%[A-Z_]+%|@[\w.-]+@|#\{|__\w+__|<[^<>]{1,80}>|\[\[|ENC\[|"
    r"^(?:!|vault:|op://|ref\+|arn:|file:|env:|secret://|azurekeyvault|gcpsm|sops:|projects/[^/]+/secrets/|\{cipher\})",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"(?:[A-Za-z]:)?[.~]{0,2}[/\\][\w.@ -]+(?:[/\\][\w.@ -]*)*|[\w./-]+\.(?:pem|key|crt|json|ya?ml|txt|age|p12|jks)"
)
_WORDS = re.compile(
    r"(?i)example|change[-_ ]?me|replace[-_ ]?(?:me|this|with)|your[-_ ]|placeholder|dummy|redacted|masked|insert[-_ ]|"
    r"fill[-_ ]?me|to[-_ ]?do\b|\btbd\b|not[-_ ]?a[-_ ]?secret|xxxx|\*\*\*|\.\.\.|…|1234567|abcdef|deadbeef|"
    r"^(?:none|null|nil|true|false|yes|no|on|off|enabled|disabled|default|empty|string|required|optional|password|passwd|pass|secret|"
    r"token|key|value|test|tests|testing|fake|sample|demo|n/?a|undefined|prompt|auto|generated|random|hidden|unset|user|root|"
    r"admin|postgres|guest|pwd|xxx|foo|bar|baz|(?:my|user|api|db|some|the|app)[-_]?(?:password|passwd|pass|pwd|secret|token|key)|"
    r"(?:jwt|api|auth|access)[-_]?token|key_[0-9]{1,4}|pass(?:word)?%20pass(?:word)?)$"
)
_SLUG = re.compile(r"[a-z]+(?:[-_./:](?:[a-z]{1,20}|[a-z]{0,4}[0-9]{1,4}))+")
_CODE = re.compile(r"[A-Za-z_][\w.]*\(|^[A-Za-z_]\w*(?:\[-?\w{0,20}\])?(?:\.[A-Za-z_]\w*(?:\[-?\w{0,20}\])?)+$")


def is_placeholder(text: str) -> bool:
    """Whether a text is a reference, an example, or a word that says that the secret is elsewhere."""
    value = text.strip().strip("\"'")
    if len(set(value)) < 3 or _REFERENCE.search(value) or _WORDS.search(value):
        return True
    return bool(_PATH.fullmatch(value))


def is_code(text: str) -> bool:
    """Whether a text reads like an expression, `module.name` or a call, and not like a value."""
    return bool(_CODE.search(text))


def is_random(text: str) -> bool:
    """Whether a text looks like nobody thought of it: long, without spaces, of letters and digits of high entropy.

    3 bits a character is what 16 hexadecimal digits have on average; words of that length have fewer, or no digit.
    """
    if len(text) < 16 or " " in text or not (re.search(r"[0-9]", text) and re.search(r"[A-Za-z]", text)):
        return False
    return _entropy(text) >= 3.0 and not _SLUG.fullmatch(text)


def _entropy(text: str) -> float:
    """Bits a character, by how often each occurs (Shannon)."""
    return -sum(count / len(text) * log2(count / len(text)) for count in Counter(text).values())
