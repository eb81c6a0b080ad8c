"""Expressions that Hypothesis makes up: always well-formed, seldom sensible."""

from __future__ import annotations

from hypothesis import strategies as st

# no map of several keys: the oracle goes over them in an order of its own
LITERALS = (
    "0", "1", "-1", "2u", "0u", "1.5", "-0.0", "true", "false", "null", '"a"', '"ab"', '""', "b'a'", "[]", "{}",
    "9223372036854775807", "-9223372036854775808", 'duration("1m")', "timestamp(60)",
)  # fmt: skip
VARIABLES = (
    "config.replicas", "config.name", "config.ports", "config.nested.map", "config.missing", "config.mixed",
    "environment",
)  # fmt: skip
BINARY = ("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "&&", "||")
CALLED = ("size", "uint", "double", "string", "type", "dyn", "!", "-", "bytes")
MEMBERS = ("contains", "startsWith", "endsWith")
MACROS = ("all", "exists", "exists_one", "filter", "map")


def expressions(*leaves: str) -> st.SearchStrategy[str]:
    """Expressions over some leaves."""
    return st.recursive(st.sampled_from(leaves), _grown, max_leaves=8)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    binary, macro, member = st.sampled_from(BINARY), st.sampled_from(MACROS), st.sampled_from(MEMBERS)
    return st.one_of(
        st.builds("({} {} {})".format, inner, binary, inner),
        st.builds("({} {} {})".format, inner, binary, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("{}({})".format, st.sampled_from(CALLED), inner),
        st.builds("({})[{}]".format, inner, inner),
        st.builds("({}).{}({})".format, inner, member, inner),
        st.builds("({}).{}(x, {})".format, inner, macro, inner),
        st.builds("({}).{}(x, x == {})".format, inner, macro, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds('{{"a": {}, "b": {}}}'.format, inner, inner),
        st.builds("({}).?a.orValue({})".format, inner, inner),
        st.builds("cel.bind(y, {}, {})".format, inner, inner),
    )
