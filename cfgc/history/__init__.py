"""What happened between revisions: differences, what they affect, the life of values, the way back.

Everything here compares compilations (docs/decisions/0013-history-is-comparing-compilations.md). No checkout, no key.
"""
