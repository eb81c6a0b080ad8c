"""What the two YAML readers are tried on: keys, values and lines inside of the ordinary grammar and just beyond it."""

from __future__ import annotations


def _listed(text: str) -> list[str]:
    return [item for line in text.strip().splitlines() for item in line.split("  ¦  ")]


KEYS = [
    *_listed(
        r"""
k  ¦  x  ¦  a  ¦  b  ¦  name  ¦  timeout  ¦  on  ¦  yes  ¦  true  ¦  null  ¦  n  ¦  y  ¦  type  ¦  no
A.b  ¦  a/b  ¦  a-b  ¦  "q k"  ¦  1  ¦  1a  ¦  _x  ¦  f  ¦  t  ¦  Yes  ¦  off  ¦  o  ¦  a b  ¦  "a.b"
's'  ¦  "true"  ¦  <<  ¦  -a  ¦  ~
"""
    ),
    "kéy",
    "k" * 99,
    "k" * 101,
]
VALUES = [
    *_listed(
        r"""
v  ¦  1  ¦  -1  ¦  0  ¦  -0  ¦  0.5  ¦  -0.0  ¦  1.10  ¦  30s  ¦  512Mi  ¦  1.2.3  ¦  10.0.0.1:80
10.0.0.0/8  ¦  true  ¦  True  ¦  FALSE  ¦  null  ¦  ~  ¦  ~/x  ¦  Null  ¦  yes  ¦  on  ¦  y  ¦  n  ¦  No
012  ¦  1_000  ¦  1e3  ¦  0x1F  ¦  0o17  ¦  0b1  ¦  12:30  ¦  2024-01-01  ¦  .5  ¦  .inf  ¦  .NaN  ¦  .Inf
./x  ¦  ../x  ¦  ...  ¦  -x  ¦  --flag  ¦  -Xmx1  ¦  ---  ¦  a b  c  ¦  a:b  ¦  http://x.y:80/z#f  ¦  a #c
a#c  ¦  ${a.b}  ¦  $${x}  ¦  'q'  ¦  "q"  ¦  'it''s'  ¦  "a\nb"  ¦  "a\"b"  ¦  "\\"  ¦  "\/"  ¦  "\x41"
'a # b'  ¦  "a: b"  ¦  ''  ¦  ""  ¦  []  ¦  {}  ¦  [a, b]  ¦  [ a , 1 ,'x' ]  ¦  {a: b}  ¦  {k: 1, x: 'y'}
{a: b,}  ¦  [a,]  ¦  [a b]  ¦  [a: b]  ¦  {a}  ¦  [yes]  ¦  {yes: 1}  ¦  [1.5, 30, -1]
[/x, a:b, http://x/y]  ¦  [a  ¦  a]  ¦  [a]]  ¦  [a}  ¦  [a] x  ¦  [a]#x  ¦  [a] #x  ¦  [a, [b]]
{a: b, a: c}  ¦  [012]  ¦  [1_0]  ¦  {a: 'x', b: "y"}  ¦  [,]
[30s, 1.2.3, 5Mi]  ¦  [10.0.0.1:80]  ¦  [a/*, b*, *c]  ¦  [1e3]  ¦  [1b]  ¦  [[a], {b: c}]  ¦  {a: [b, 1], c: {d: e}}
[[[a]]]
[a/*]  ¦  [a/**, b*c, /*:*x, 3s*]  ¦  {a: b/*}  ¦  [*a]  ¦  [**]  ¦  {a*: b}
{a: [b}  ¦  [a, [b]  ¦  [[a],, b]  ¦  [a,,b]  ¦  'a' b  ¦  "a"b  ¦  |  ¦  >
|-  ¦  |+  ¦  |2  ¦  &a  ¦  *a  ¦  !x  ¦  #c  ¦  %  ¦  @  ¦  `  ¦  a%  ¦  50%  ¦  1%  ¦  1/2  ¦  3f2a-b
9e10  ¦  1E5x  ¦  1e  ¦  1b  ¦  1x  ¦  a,b  ¦  a{b}  ¦  (a)  ¦  ^a$  ¦  =  ¦  <<  ¦  <x  ¦  ;  ¦  +1  ¦  +
?x  ¦  ? x  ¦  :x  ¦  : x  ¦  -  ¦  - x  ¦  off-peak  ¦  no-op  ¦  yes, sir  ¦  null-ish
999999999999999999  ¦  9999999999999999999  ¦  0.12345678901234567  ¦  1.000000000000000001  ¦  00  ¦  00.5
1.  ¦  1.5e3  ¦  1.5.  ¦  1.x  ¦  5.0m  ¦  0.1.2  ¦  0s  ¦  007s  ¦  -0s  ¦  - - a
ENC[AES256_GCM,data:x=,iv:y,tag:z==,type:str]
"""
    ),
    *("é ü", "日本", "a\u00a0b", "\u2028", "\u0085", "\ufeff", "a\tb", "a" * 300),
]
LINES = ["x", "  y", "# c", "- a", "k: v", "", "\\", '"q', "é", "   ", "x ", "a: [", "\tx"]
MUTATIONS = [
    *(
        piece.encode().decode("unicode_escape").encode("latin-1")
        for piece in _listed(
            r"""
:  ¦  :\x20  ¦  -\x20  ¦  \n  ¦  \x20  ¦  \x20\x20  ¦  #  ¦  \x20#  ¦  '  ¦  "  ¦  [  ¦  ]  ¦  {  ¦  }  ¦  ,  ¦  &a\x20
*a  ¦  !  ¦  !!int\x20  ¦  |  ¦  >  ¦  ?  ¦  %  ¦  @  ¦  \t  ¦  \r  ¦  \0  ¦  \xff  ¦  \xc3
\xe2\x80\xa8  ¦  \xef\xbb\xbf  ¦  <<: *a\n  ¦  ---\n  ¦  ...\n  ¦  ~  ¦  1e3  ¦  0x
\\  ¦  \\u  ¦  ${  ¦  $  ¦  =  ¦  .  ¦  yes  ¦  null
!append\x20  ¦  !by:x\x20  ¦  !unset  ¦  =\n  ¦  [[  ¦  ]]  ¦  nan  ¦  1_0
"""
        )
    ),
    b'"""',
]
"""Pieces of text that mean something to one of the formats."""
