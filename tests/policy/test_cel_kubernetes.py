"""The libraries that Kubernetes adds to CEL (kubernetes.io/docs/reference/using-api/cel)."""

from __future__ import annotations

import pytest

from cfgc.stages.check.policy.cel import CelError, compile_expression

TRUE = """
[1, 2, 3].isSorted()
!['b', 'a'].isSorted()
[].isSorted()
[1, 2, 3].sum() == 6
[1.5, 2.5].sum() == 4.0
[].sum() == 0
[duration('1m'), duration('1s')].sum() == duration('61s')
[3, 1, 2].min() == 1
['a', 'c', 'b'].max() == 'c'
[1, 2, 2, 3].indexOf(2) == 1
[1, 2, 2, 3].lastIndexOf(2) == 2
[1, 2].indexOf(5) == -1
[1, 1.0, 2].distinct() == [1, 2]
[[1], [2, 3]].flatten() == [1, 2, 3]
[[1, [2]]].flatten(2) == [1, 2]
[3, 1, 2].sort() == [1, 2, 3]
[1, 2, 3].slice(1, 3) == [2, 3]
[1, 2, 3].reverse() == [3, 2, 1]
lists.range(3) == [0, 1, 2]
lists.range(0) == []
sets.contains([1, 2, 3], [3, 1])
!sets.contains([1], [1, 2])
sets.contains([], [])
sets.equivalent([1, 1, 2], [2u, 1.0])
sets.intersects([1, 2], [2, 3])
!sets.intersects([1], [])
isURL('https://example.com/x')
isURL('/path')
!isURL('example.com')
!isURL('../up')
!isURL('https://exa mple.com/')
!isURL('https://example.com:port/')
!isURL('')
url('https://example.com:80/').getScheme() == 'https'
url('HTTPS://example.com/').getScheme() == 'https'
url('/path').getScheme() == ''
url('https://example.com:80/').getHost() == 'example.com:80'
url('https://user:pass@example.com:80/').getHost() == 'example.com:80'
url('https://[::1]:80/').getHost() == '[::1]:80'
url('https://[::1]:80/').getHostname() == '::1'
url('https://example.com:80/').getHostname() == 'example.com'
url('https://example.com:80/').getPort() == '80'
url('https://example.com/').getPort() == ''
url('https://example.com/with space/').getEscapedPath() == '/with%20space/'
url('https://example.com').getEscapedPath() == ''
url('https://example.com/p?k1=a&k2=b&k2=c').getQuery() == {'k1': ['a'], 'k2': ['b', 'c']}
url('https://example.com/p?k+s=v+w').getQuery() == {'k s': ['v w']}
url('https://example.com/p?').getQuery() == {}
isIP('127.0.0.1') && isIP('::1') && !isIP('127.0.0.256') && !isIP('1.2.3') && !isIP('01.2.3.4') && !isIP('fe80::1%eth0')
!isIP('::ffff:1.2.3.4')
ip('127.0.0.1').family() == 4 && ip('::1').family() == 6
ip('127.0.0.1').isLoopback() && !ip('10.0.0.1').isLoopback()
ip('0.0.0.0').isUnspecified()
ip('169.254.1.1').isLinkLocalUnicast() && ip('fe80::1').isLinkLocalUnicast()
ip('224.0.0.1').isLinkLocalMulticast() && ip('ff02::1').isLinkLocalMulticast()
ip('10.0.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast()
ip.isCanonical('127.0.0.1') && !ip.isCanonical('2001:DB8::abcd')
ip('::1') == ip('0:0:0:0:0:0:0:1')
string(ip('::0001')) == '::1'
isCIDR('10.0.0.0/8') && isCIDR('::1/128') && !isCIDR('10.0.0.0') && !isCIDR('10.0.0.0/33') && !isCIDR('10.0.0.0/08')
cidr('10.0.0.0/8').containsIP('10.1.2.3') && cidr('10.0.0.0/8').containsIP(ip('10.1.2.3'))
!cidr('10.0.0.0/8').containsIP('11.0.0.1') && !cidr('10.0.0.0/8').containsIP('::1')
cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && !cidr('10.1.0.0/16').containsCIDR(cidr('10.0.0.0/8'))
!cidr('10.0.0.0/8').containsCIDR('::/0')
cidr('192.168.1.5/24').ip() == ip('192.168.1.5')
cidr('192.168.1.5/24').masked() == cidr('192.168.1.0/24')
cidr('192.168.1.5/24').prefixLength() == 24
string(cidr('192.168.1.0/24')) == '192.168.1.0/24'
isQuantity('1.3Gi') && isQuantity('100m') && isQuantity('2e3') && isQuantity('-5') && isQuantity('.5')
!isQuantity('1.3gi') && !isQuantity('') && !isQuantity('Gi') && !isQuantity('1 Gi')
!isQuantity('1e') && !isQuantity('.')
quantity('50k').isGreaterThan(quantity('49M')) == false
quantity('512Mi').isLessThan(quantity('1Gi'))
quantity('200M').compareTo(quantity('0.2G')) == 0
quantity('200M') == quantity('0.2G')
quantity('50Mi').compareTo(quantity('50M')) == 1
quantity('1k').asInteger() == 1000
quantity('1500m').isInteger() == false && quantity('2000m').isInteger()
quantity('1500m').asApproximateFloat() == 1.5
quantity('-1').sign() == -1 && quantity('0').sign() == 0 && quantity('1').sign() == 1
quantity('50k').add(quantity('20k')) == quantity('70k')
quantity('50k').sub(20000) == quantity('30k')
isSemver('1.2.3') && isSemver('1.0.0-alpha.1+build.5') && !isSemver('1.2') && !isSemver('v1.2.3') && !isSemver('01.2.3')
isSemver('v1.2', true) && semver('v1.2', true) == semver('1.2.0')
semver('1.2.3').major() == 1 && semver('1.2.3').minor() == 2 && semver('1.2.3').patch() == 3
semver('1.2.3-rc.1').isLessThan(semver('1.2.3'))
semver('1.0.0-alpha.1').isLessThan(semver('1.0.0-alpha.beta'))
semver('1.0.0-alpha').isLessThan(semver('1.0.0-alpha.1'))
semver('1.0.0-2').isLessThan(semver('1.0.0-11')) && semver('1.0.0-11').isLessThan(semver('1.0.0-a'))
semver('2.0.0').isGreaterThan(semver('1.9.9')) && semver('1.0.0').compareTo(semver('1.0.0+build')) == 0
[1, 2, 3].all(i, v, v == i + 1)
{'a': 1}.exists(k, v, k == 'a' && v == 1)
['a', 'b'].exists_one(i, v, i == 1 && v == 'b') && ['a'].existsOne(i, v, true)
['a', 'b'].transformList(i, v, string(i) + v) == ['0a', '1b']
['a', 'b'].transformList(i, v, i > 0, v) == ['b']
{'a': 1, 'b': 2}.transformMap(k, v, v * 10) == {'a': 10, 'b': 20}
{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v) == {'b': 2}
{'a': 'x'}.transformMapEntry(k, v, {v: k}) == {'x': 'a'}
"""


def evaluate(text: str) -> object:
    expression, problems = compile_expression(text, [])
    assert expression is not None, problems
    return expression.evaluate_with({})


@pytest.mark.parametrize("text", TRUE.strip().splitlines())
def test_kubernetes_library(text: str) -> None:
    assert evaluate(text) is True


@pytest.mark.parametrize(
    "text",
    ["[1, 'a'].isSorted()", "[[1]].min()", "[].min()", "[1, 1.5].sum()", "['a'].sum()", "url('example.com')",
     "ip('1.2.3')", "cidr('10.0.0.0')", "quantity('x')", "quantity('1500m').asInteger()", "quantity('99E')",
     "semver('1')", "[1].slice(0, 2)", "[1].slice(-1, 1)", "{'a': 1, 'b': 1}.transformMapEntry(k, v, {v: k})",
     "{'a': 1}.transformMapEntry(k, v, k)", "1.indexOf(2)", "sets.contains([1], 1)"],
)  # fmt: skip
def test_what_a_library_cannot_do_is_an_error(text: str) -> None:
    with pytest.raises(CelError):
        evaluate(text)
