"""A template that cannot be read is explained in our words (SPEC section 9: stands alone, "did you mean")."""

from __future__ import annotations

import pytest

from tests.render.world import fault


@pytest.mark.parametrize(
    ("source", "reason", "help"),
    [
        ("{{ 1 | upperr }}", "there is no filter `upperr`", "did you mean `upper`?"),
        ("{{ 1 is definde }}", "there is no test `definde`", "did you mean `defined`?"),
        ("{% forr a in b %}", "there is no tag `forr`", "did you mean `for`?"),
        ("{% for a in [] %}", "it ends inside `for`, which is not closed", "close it with `{% endfor %}`"),
        ("{% if 1 %}{% endfor %}", "`endfor` stands inside `if`, which is not closed", "close it with `{% endif %}`"),
        ("{% endfor %}", "`endfor` stands where no block is open that it could belong to", ""),
        ("{{ a b }}", "`b` stands where `}}` should", ""),
        ("{{ }}", "`}}` stands where an expression should", ""),
        ("{{ (1 }}", "`}` stands where `)` should", ""),
        ("{{ 1 ? 2 }}", "`?` has no meaning in an expression", ""),
        ("{# a", "a comment is not closed with `#}`", ""),
        ("{% set 1 = 2 %}", "nothing can be assigned to `const`", ""),
        ("{% block a %}{% endblock %}{% block a %}{% endblock %}", "the block `a` is there twice", ""),
        ("{{ a. }}", "a `.` is followed by neither a name nor a number", ""),
        ("{% raw %}a", "`raw` is not closed", ""),
        ("{{ 'a }}", "`'` has no meaning in an expression", ""),
    ],
)
def test_section_9_syntax_in_our_words(source: str, reason: str, help: str) -> None:
    found = fault(source, {})
    assert (found.name, found.message.partition(": ")[2]) == ("template-syntax", reason)
    assert help in found.help
