"""dotenv files as `sops` writes them (`*.sops.env`), read by the rules of python-dotenv."""

from __future__ import annotations

import pytest

from .desk import findings_of, shown, value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", {}),
        ("# c\n\n  # c\n", {}),
        ("A=1\nB=x y\n", {"A": "1", "B": "x y"}),
        ("A=\nB= \n", {"A": "", "B": ""}),
        ("export A=1\n  B = x  \n", {"A": "1", "B": "x"}),
        ("A=x # c\nB=x#y\nC=#c\nD= # c\n", {"A": "x", "B": "x#y", "C": "", "D": ""}),
        ("A='it''s'\n", None),
        ("A='a\\'b\\\\c\\n'\n", {"A": "a'b\\c\\n"}),
        ('A="a\\"b\\n\\t\\\\ \\x"\n', {"A": 'a"b\n\t\\ \\x'}),
        ("A='x # y' # c\nB=\"z\"# c\n", {"A": "x # y", "B": "z"}),
        ("A=one\\ntwo\n", {"A": "one\ntwo"}),
        ("A=a=b==\nurl=postgres://u:p@h/d?x=y#z\n", {"A": "a=b==", "url": "postgres://u:p@h/d?x=y#z"}),
        ("A=${B}\nB='${A}'\n", {"A": "${B}", "B": "${A}"}),
        ("A=it's\n", {"A": "it's"}),
        ("A=1\r\nB=2\r\n", {"A": "1", "B": "2"}),
        ("A=ENC[AES256_GCM,data:qA==,tag:zf==,type:str]\n", {"A": "ENC[AES256_GCM,data:qA==,tag:zf==,type:str]"}),
        ("sops_age__list_0__map_enc=-----\\nYWd\\n\n", {"sops_age__list_0__map_enc": "-----\nYWd\n"}),
    ],
)
def test_variables(text: str, value: dict[str, str] | None) -> None:
    if value is None:
        assert shown(findings_of(text, "dotenv")) == ["1:1 dotenv-syntax"]
    else:
        assert value_of(text, "dotenv") == value


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("A=1\nB\nC=3\nnonsense here\n", ["2:1 dotenv-syntax", "4:1 dotenv-syntax"]),
        ("A=1\nB=2\nA=3\n", ["3:1 duplicate-key (1:1 first here)"]),
        ('A="x\n', ["1:1 dotenv-syntax"]),
        ("A='x' y\n", ["1:1 dotenv-syntax"]),
        ("1A=x\n", ["1:1 dotenv-syntax"]),
        ("=x\n", ["1:1 dotenv-syntax"]),
        ("A B=x\n", ["1:1 dotenv-syntax"]),
        ("Ä=x\n", ["1:1 dotenv-syntax"]),
        ("A=x\x00\n", ["1:4 control-character"]),
    ],
)
def test_a_mistake_in_dotenv_is_located(text: str, places: list[str]) -> None:
    assert shown(findings_of(text, "dotenv")) == places


def test_no_value_is_shown_with_a_mistake() -> None:
    assert "s3cr3t" not in repr(findings_of('PASSWORD="s3cr3t\ns3cr3t\n', "dotenv", secret=True))
