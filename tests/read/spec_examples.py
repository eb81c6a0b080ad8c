"""What the examples of YAML 1.2.2 show, chapter by chapter, in texts of our own.

Each case: the section of the specification, a text, and its value or the name of the finding. Where cfgc is narrower
than YAML (one document, keys are text, few tags), the finding says so.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cfgc.model.values import Marked


class Wrong(NamedTuple):
    finding: str


EXAMPLES: list[tuple[str, str, Any]] = [
    # 2.1 collections
    ("2.1 list of scalars", "- Ann Lee\n- Bob Ray\n", ["Ann Lee", "Bob Ray"]),
    ("2.1 map of scalars", "hr:  65    # runs\navg: 0.278 # average\n", {"hr": 65, "avg": 0.278}),
    ("2.1 map to lists", "east:\n  - one\n  - two\nwest:\n- three\n", {"east": ["one", "two"], "west": ["three"]}),
    ("2.1 list of maps", "-\n  name: a\n  hr: 65\n-\n  name: b\n", [{"name": "a", "hr": 65}, {"name": "b"}]),
    ("2.1 list of lists", "- [name, hr]\n- [ann, 65]\n", [["name", "hr"], ["ann", 65]]),
    (
        "2.1 map of maps",
        "a: {hr: 65, avg: 0.2}\nb: {\n    hr: 63,\n  }\n",
        {"a": {"hr": 65, "avg": 0.2}, "b": {"hr": 63}},
    ),
    # 2.2 structures
    ("2.2 two documents", "---\na: 1\n---\nb: 2\n", Wrong("several-documents")),
    ("2.2 document with an end", "---\na: 1\n...\n", {"a": 1}),
    ("2.2 anchor and alias", "a:\n  - &x ann\n  - bob\nb:\n  - *x\n", {"a": ["ann", "bob"], "b": ["ann"]}),
    ("2.2 map between lists as key", "? - a\n  - b\n: - c\n", Wrong("key-not-text")),
    (
        "2.2 compact nested map",
        "- item: hat\n  n: 1\n- item: ball\n  n: 4\n",
        [{"item": "hat", "n": 1}, {"item": "ball", "n": 4}],
    ),
    # 2.3 scalars
    ("2.3 literal keeps line breaks", "--- |\n  \\//||\\/||\n  // ||  ||__\n", "\\//||\\/||\n// ||  ||__\n"),
    ("2.3 folded joins lines", "--- >\n  one\n  two\n  three\n", "one two three\n"),
    ("2.3 folded keeps indented and blank lines", ">\n a\n b\n\n   c\n   d\n\n e\n", "a b\n\n  c\n  d\n\ne\n"),
    (
        "2.3 indentation sets the scope",
        "a: one\nb: >\n  x\n  y\nc: |\n  p\n  q\n",
        {"a": "one", "b": "x y\n", "c": "p\nq\n"},
    ),
    (
        "2.3 quoted scalars",
        "u: \"\\u263A\"\nc: \"\\b1998\\t\\n\"\nh: \"\\x0d\\x0a is \\r\\n\"\ns: '\"Howdy!\"'\nq: ' # no ''comment''.'\n",
        {"u": "☺", "c": "\b1998\t\n", "h": "\r\n is \r\n", "s": '"Howdy!"', "q": " # no 'comment'."},
    ),
    ("2.3 scalars over lines", 'p:\n  this\n  spans\nq: "so\n  does\\n"\n', {"p": "this spans", "q": "so does\n"}),
    # 2.4 tags
    ("2.4 integers", "a: 12345\nb: +12345\nc: 0o14\nd: 0xC\n", {"a": 12345, "b": 12345, "c": 12, "d": 12}),
    ("2.4 floats", "a: 1.23015e+3\nb: 12.3015e+02\nc: 1230.15\n", {"a": 1230.15, "b": 1230.15, "c": 1230.15}),
    ("2.4 infinity", "a: -.inf\n", Wrong("number-out-of-range")),
    ("2.4 not a number", "a: .NaN\n", Wrong("number-out-of-range")),
    ("2.4 other types", "null:\nb: [true, false]\ns: '012345'\n", {"null": None, "b": [True, False], "s": "012345"}),
    (
        "2.4 timestamps are text",
        "a: 2001-12-15T02:59:43.1Z\nb: 2002-12-14\n",
        {"a": "2001-12-15T02:59:43.1Z", "b": "2002-12-14"},
    ),
    ("2.4 explicit string", "a: !!str 2002-04-28\n", {"a": "2002-04-28"}),
    ("2.4 binary", "a: !!binary |\n R0lGODlhDAAMAIQ=\n", Wrong("unknown-tag")),
    ("2.4 application tag", "a: !something |\n x\n", Wrong("unknown-tag")),
    ("2.4 global tags", "%TAG ! tag:example.com,2000:\n--- !shape\na: 1\n", Wrong("yaml-directive")),
    ("2.4 set", "--- !!set\n? a\n? b\n", Wrong("unknown-tag")),
    ("2.4 ordered map", "--- !!omap\n- a: 65\n", Wrong("unknown-tag")),
    # 5 characters
    ("5.2 byte order mark", "\ufeff# comment\na: 1\n", {"a": 1}),
    ("5.2 byte order mark inside", "a: 1\n\ufeffb: 2\n", Wrong("control-character")),
    (
        "5.3 block indicators",
        "sequence:\n- one\n- two\nmapping:\n  ? sky\n  : blue\n  sea : green\n",
        {"sequence": ["one", "two"], "mapping": {"sky": "blue", "sea": "green"}},
    ),
    (
        "5.3 flow indicators",
        "sequence: [ one, two, ]\nmapping: { sky: blue, sea: green }\n",
        {"sequence": ["one", "two"], "mapping": {"sky": "blue", "sea": "green"}},
    ),
    ("5.3 comment only", "# Comment only.\n", None),
    (
        "5.3 anchor indicator with a marker",
        "anchored: !replace &anchor value\nalias: *anchor\n",
        {"anchored": Marked("replace", "value"), "alias": Marked("replace", "value")},
    ),
    (
        "5.3 block scalar indicators",
        "literal: |\n  some\n  text\nfolded: >\n  some\n  text\n",
        {"literal": "some\ntext\n", "folded": "some text\n"},
    ),
    ("5.3 quotation indicators", "single: 'text'\ndouble: \"text\"\n", {"single": "text", "double": "text"}),
    ("5.3 directive indicator", "%YAML 1.2\n--- text\n", "text"),
    ("5.3 reserved indicator @", "commercial-at: @text\n", Wrong("yaml-syntax")),
    ("5.3 reserved indicator `", "grave-accent: `text\n", Wrong("yaml-syntax")),
    ("5.4 line breaks", "a: |\r\n  one\r\n  two\r\nb: x\rc: y\r", {"a": "one\ntwo\n", "b": "x", "c": "y"}),
    (
        "5.4 no line breaks of 1.1",
        "a: x\u0085y\u2028z\u2029\nb: 'p\u2028: q'\n",
        {"a": "x\u0085y\u2028z\u2029", "b": "p\u2028: q"},
    ),
    (
        "5.5 tabs and spaces",
        'quoted: "Quoted \t"\nblock: |\n  void main() {\n  \tprint;\n  }\n',
        {"quoted": "Quoted \t", "block": "void main() {\n\tprint;\n}\n"},
    ),
    (
        "5.7 escapes",
        (
            '"Fun with \\\\\n\\" \\a \\b \\e \\f \\\n\\n \\r \\t \\v \\0 \\\n'
            '\\  \\_ \\N \\L \\P \\\n\\x41 \\u0041 \\U00000041 \\/"\n'
        ),
        'Fun with \\ " \a \b \x1b \f \n \r \t \v \0   \xa0 \x85 \u2028 \u2029 A A A /',
    ),
    ("5.7 invalid escape", 'a: "\\c"\n', Wrong("yaml-syntax")),
    ("5.7 incomplete escape", 'a: "\\xq-"\n', Wrong("yaml-syntax")),
    # 6 structural productions
    (
        "6.1 indentation",
        (
            "  # Leading comment\n\nNot indented:\n By one space: |\n    By four\n      spaces\n"
            " Flow style: [    # comment\n   By two,\n  Also by two,\n    ]\n"
        ),
        {"Not indented": {"By one space": "By four\n  spaces\n", "Flow style": ["By two", "Also by two"]}},
    ),
    ("6.1 indentation indicators", "? a\n: - b\n  -  - c\n     - d\n", {"a": ["b", ["c", "d"]]}),
    ("6.1 a tab after a dash", "- a\n-\tb\n", Wrong("tab-indentation")),
    ("6.2 separation", "- foo:\t bar\n- - baz\n  -  baz\n", [{"foo": "bar"}, ["baz", "baz"]]),
    (
        "6.3 line prefixes",
        'plain: text\n  lines\nquoted: "text\n  \tlines"\nblock: |\n  text\n   \tlines\n',
        {"plain": "text lines", "quoted": "text lines", "block": "text\n \tlines\n"},
    ),
    (
        "6.4 empty lines",
        'Folding:\n  "Empty line\n\n  as a line feed"\nClipped: |\n  Clipped\n\n\n',
        {"Folding": "Empty line\nas a line feed", "Clipped": "Clipped\n"},
    ),
    ("6.5 folding", ">-\n  trimmed\n  \n\n\n  as\n  space\n", "trimmed\n\n\nas space"),
    ("6.6 comments", "key:    # Comment\n        # lines\n  value\n\n\n", {"key": "value"}),
    ("6.6 comment without a space", "a: 'x'# no comment\n", Wrong("yaml-syntax")),
    (
        "6.7 separation lines",
        "a: # statistics\n  hr:  # runs\n     65\n  avg: # average\n   0.278\n",
        {"a": {"hr": 65, "avg": 0.278}},
    ),
    ("6.8 reserved directive", "%FOO  bar baz\n--- 'foo'\n", Wrong("yaml-directive")),
    ("6.8 directive of 1.1", "%YAML 1.1\n---\na: 1\n", Wrong("yaml-directive")),
    ("6.8 directive twice", "%YAML 1.2\n%YAML 1.2\n---\na: 1\n", Wrong("yaml-syntax")),
    ("6.9 properties", '!!str &a1 "foo":\n  !!str bar\n&a2 baz : *a1\n', {"foo": "bar", "baz": "foo"}),
    ("6.9 verbatim tag", "!<tag:yaml.org,2002:str> foo : bar\n", {"foo": "bar"}),
    ("6.9 non-specific tag", "- ! 12\n", Wrong("unknown-tag")),
    ("6.9 anchor", "a: &anchor Value\nb: *anchor\n", {"a": "Value", "b": "Value"}),
    # 7 flow styles
    (
        "7.1 anchors again",
        "First: &anchor Foo\nSecond: *anchor\nOverride: &anchor Bar\nReuse: *anchor\n",
        {"First": "Foo", "Second": "Foo", "Override": "Bar", "Reuse": "Bar"},
    ),
    ("7.2 empty content", "{\n  foo : !!str ,\n  !!str bar : baz,\n}\n", {"foo": "", "bar": "baz"}),
    ("7.2 completely empty", "{\n  ? foo : ,\n}\n", {"foo": None}),
    (
        "7.3 double-quoted implicit keys",
        '"implicit block key" : [\n  "implicit flow key" : value,\n ]\n',
        {"implicit block key": [{"implicit flow key": "value"}]},
    ),
    (
        "7.3 double-quoted line breaks",
        '"folded \nto a space,\t\n \nto a line feed, or \t\\\n \\ \tnon-content"\n',
        "folded to a space,\nto a line feed, or \t \tnon-content",
    ),
    (
        "7.3 double-quoted lines",
        '" 1st non-empty\n\n 2nd non-empty \n\t3rd non-empty "\n',
        " 1st non-empty\n2nd non-empty 3rd non-empty ",
    ),
    ("7.3 single-quoted characters", "'here''s to \"quotes\"'\n", 'here\'s to "quotes"'),
    (
        "7.3 single-quoted lines",
        "' 1st non-empty\n\n 2nd non-empty \n\t3rd non-empty '\n",
        " 1st non-empty\n2nd non-empty 3rd non-empty ",
    ),
    (
        "7.3 plain characters",
        (
            '- a::vector\n- ": - ()"\n- Up, up, and away!\n- -123\n- http://example.com/foo#bar\n'
            '- [ ": - ()", Up!, -123, http://example.com/foo#bar ]\n'
        ),
        [
            "a::vector",
            ": - ()",
            "Up, up, and away!",
            -123,
            "http://example.com/foo#bar",
            [": - ()", "Up!", -123, "http://example.com/foo#bar"],
        ],
    ),
    ("7.3 plain beginning with a colon", "- ::vector\n- -x\n- ?x\n", ["::vector", "-x", "?x"]),
    ("7.3 plain beginning with a colon in brackets", "[ ::vector ]\n", Wrong("yaml-syntax")),
    ("7.3 plain beginning with a question mark in brackets", "[ ?x ]\n", Wrong("yaml-syntax")),
    (
        "7.3 plain implicit keys",
        "implicit block key : [\n  implicit flow key : value,\n ]\n",
        {"implicit block key": [{"implicit flow key": "value"}]},
    ),
    (
        "7.3 plain lines",
        "1st non-empty\n\n 2nd non-empty \n  3rd non-empty\n",
        "1st non-empty\n2nd non-empty 3rd non-empty",
    ),
    ("7.4 flow lists", "- [ one, two, ]\n- [three ,four]\n", [["one", "two"], ["three", "four"]]),
    (
        "7.4 flow list entries",
        "[\n\"double\n quoted\", 'single\n           quoted',\nplain\n text, [ nested ],\nsingle: pair,\n]\n",
        ["double quoted", "single quoted", "plain text", ["nested"], {"single": "pair"}],
    ),
    (
        "7.4 flow maps",
        "- { one : two , three: four , }\n- {five: six,seven : eight}\n",
        [{"one": "two", "three": "four"}, {"five": "six", "seven": "eight"}],
    ),
    (
        "7.4 flow map entries",
        "{\n? explicit: entry,\nimplicit: entry,\nonly\n}\n",
        {"explicit": "entry", "implicit": "entry", "only": None},
    ),
    (
        "7.4 separate values",
        '{\nunquoted : "separate",\nhttp://foo.com,\nomitted value: ,\n}\n',
        {"unquoted": "separate", "http://foo.com": None, "omitted value": None},
    ),
    (
        "7.4 adjacent values",
        '{\n"adjacent":value,\n"readable": value,\n"empty":\n}\n',
        {"adjacent": "value", "readable": "value", "empty": None},
    ),
    ("7.4 colon inside a word", "{a:b, c: d, e :f}\n", {"a:b": None, "c": "d", "e :f": None}),
    ("7.4 single pair", "[\nfoo: bar\n]\n", [{"foo": "bar"}]),
    ("7.4 single explicit pair", "[\n? foo\n bar : baz\n]\n", [{"foo bar": "baz"}]),
    ("7.4 key of brackets", "- [a, b]: c\n", Wrong("key-not-text")),
    ("7.5 flow content", '- [ a, b ]\n- { a: b }\n- "a"\n- b\n- c\n', [["a", "b"], {"a": "b"}, "a", "b", "c"]),
    # 8 block styles
    (
        "8.1 header",
        (
            "- | # Empty header\n literal\n- >1 # Indentation indicator\n  folded\n"
            "- |+ # Chomping indicator\n keep\n\n- >1- # Both\n  strip\n"
        ),
        ["literal\n", " folded\n", "keep\n\n", " strip"],
    ),
    ("8.1 header and comment without a space", "- |# no\n literal\n", Wrong("yaml-syntax")),
    (
        "8.1 indentation indicator",
        "- |\n detected\n- >\n \n  \n  # detected\n- |1\n  explicit\n",
        ["detected\n", "\n\n# detected\n", " explicit\n"],
    ),
    ("8.1 a tab before the first line", "- >\n \t\n detected\n", Wrong("tab-indentation")),
    (
        "8.1 final line break",
        "strip: |-\n  text\nclip: |\n  text\nkeep: |+\n  text\n",
        {"strip": "text", "clip": "text\n", "keep": "text\n"},
    ),
    ("8.1 trailing lines", "strip: >-\n\nclip: >\n\nkeep: |+\n\n", {"strip": "", "clip": "", "keep": "\n"}),
    ("8.1 no final line break", "a: |\n  text", {"a": "text"}),
    ("8.1 literal", "|\n literal\n \ttext\n\n\n", "literal\n\ttext\n"),
    ("8.1 literal content", "|\n \n  \n  literal\n   \n  \n  text\n\n # Comment\n", "\n\nliteral\n \n\ntext\n"),
    ("8.1 folded", ">\n folded\n text\n\n\n", "folded text\n"),
    (
        "8.1 folded lines",
        ">\n\n folded\n line\n\n next\n line\n   * bullet\n\n   * list\n   * lines\n\n last\n line\n\n# Comment\n",
        "\nfolded line\nnext line\n  * bullet\n\n  * list\n  * lines\n\nlast line\n",
    ),
    ("8.1 text after the header", "a: | text\n  x\n", Wrong("yaml-syntax")),
    ("8.2 block list", "block sequence:\n  - one\n  - two : three\n", {"block sequence": ["one", {"two": "three"}]}),
    (
        "8.2 entry types",
        "- # Empty\n- |\n block node\n- - one # Compact\n  - two # list\n- one: two # Compact map\n",
        [None, "block node\n", ["one", "two"], {"one": "two"}],
    ),
    ("8.2 block map", "block mapping:\n key: value\n", {"block mapping": {"key": "value"}}),
    (
        "8.2 explicit entries",
        "? explicit key # Empty value\n? |\n  block key\n: - one # Explicit compact\n  - two # block value\n",
        Wrong("invisible-key"),
    ),
    (
        "8.2 explicit keys",
        "? explicit key # Empty value\n? second\n: - one\n  - two\n",
        {"explicit key": None, "second": ["one", "two"]},
    ),
    (
        "8.2 implicit entries",
        'plain key: in-line value\n"quoted key":\n- entry\n',
        {"plain key": "in-line value", "quoted key": ["entry"]},
    ),
    (
        "8.2 compact maps",
        "- sun: yellow\n- earth: blue\n  moon: white\n",
        [{"sun": "yellow"}, {"earth": "blue", "moon": "white"}],
    ),
    (
        "8.2 block node types",
        '-\n  "flow in block"\n- >\n Block scalar\n- !!map # Block collection\n  foo : bar\n',
        ["flow in block", "Block scalar\n", {"foo": "bar"}],
    ),
    (
        "8.2 block scalar nodes",
        "literal: |2\n  value\nfolded:\n   !!str\n  >1\n value\n",
        {"literal": "value\n", "folded": "value\n"},
    ),
    (
        "8.2 block collection nodes",
        "sequence: !!seq\n- entry\n- !!seq\n - nested\nmapping: !!map\n foo: bar\n",
        {"sequence": ["entry", ["nested"]], "mapping": {"foo": "bar"}},
    ),
    # 9 documents
    ("9.1 prefix and markers", "\ufeff# Comment\n# lines\n---\nDocument\n... # suffix\n", "Document"),
    (
        "9.1 bare documents",
        "Bare\ndocument\n...\n# No document\n...\n|\n%!PS-Adobe-2.0 # Not the first line\n",
        Wrong("yaml-directive"),
    ),
    ("9.1 second document after an end", "a: 1\n...\nb: 2\n", Wrong("several-documents")),
    ("9.1 explicit documents", "---\n{ matches\n% : 20 }\n", Wrong("yaml-directive")),
    ("9.1 empty document", "---\n# Empty\n...\n", None),
    ("9.2 stream", "a: 1\n---\n# Empty\n...\n%YAML 1.2\n---\nmatches: 20\n", Wrong("several-documents")),
    # 10 schemas
    ("10.1 failsafe tags", "a: !!map {x: !!str y}\nb: !!seq [ !!str z ]\n", {"a": {"x": "y"}, "b": ["z"]}),
    (
        "10.2 JSON schema tags",
        "a: !!null null\nb: !!bool true\nc: !!int 0\nd: !!float 12e03\n",
        {"a": None, "b": True, "c": 0, "d": 12000.0},
    ),
    ("10.3 core nulls", "a: null\nb: NULL\nc: ~\nd:\n", {"a": None, "b": None, "c": None, "d": None}),
    ("10.3 core booleans", "- [true, True, TRUE, false, False, FALSE]\n", [[True, True, True, False, False, False]]),
    ("10.3 core integers", "- [0, 0o7, 0x3A, -19, +19, 007, -0]\n", [[0, 7, 58, -19, 19, 7, 0]]),
    ("10.3 core floats", "- [0., -0.0, .5, +12e03, -2E+05, 1e3]\n", [[0.0, -0.0, 0.5, 12000.0, -200000.0, 1000.0]]),
    (
        "10.3 core strings",
        "- [1_000, 0b1, 0o8, -0x1, '1', 1 2, yes, off, 12:30:45, 1.2.3, e3, ., +, 0x]\n",
        [["1_000", "0b1", "0o8", "-0x1", "1", "1 2", "yes", "off", "12:30:45", "1.2.3", "e3", ".", "+", "0x"]],
    ),
]
