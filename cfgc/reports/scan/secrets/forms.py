"""Secrets that are known by their form: one `Form` a kind.

Every form begins with words that hardly any other text has. One automaton looks for all of them at once, so that a text
without any, which most are, costs one search. What follows the words is bounded, so that no text takes longer than its
length. The forms are those that the issuers document.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from cfgc.external import regex


class Form(NamedTuple):
    """A kind of secret: the words that it begins with (or holds) and its whole form, the secret in group `s`.

    `words` are all lower case, and looked for in the text in lower case. A `sign` is a pattern for the automaton, which
    says more than words that are frequent.
    """

    kind: str
    words: tuple[str, ...]
    pattern: str
    sign: str = ""


FORMS: tuple[Form, ...] = (
    Form("AWS access key", ("akia", "asia", "abia", "acca"), r"\b(?P<s>(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})\b"),
    Form(
        "AWS secret key",
        ("aws",),
        r"(?i:aws.{0,20}(?:secret|key).{0,20}?)(?<![A-Za-z0-9/+])(?P<s>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    Form("Azure storage key", ("accountkey=",), r"(?i:AccountKey)=(?P<s>[A-Za-z0-9+/]{60,90}={0,2})"),
    Form("Azure client secret", ("8q~", "7q~"), r"(?<![\w~.-])(?P<s>[\w~.-]{3}[78]Q~[\w~.-]{31,34})(?![\w~.-])"),
    Form("Google API key", ("aiza",), r"\b(?P<s>AIza[\w-]{35})(?![\w-])"),
    Form("Google OAuth secret", ("gocspx-",), r"\b(?P<s>GOCSPX-[\w-]{28})(?![\w-])"),
    Form(
        "GitLab token",
        ("glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glimt-", "glagent-", "glsoat-", "gloas-"),
        r"\b(?P<s>gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|oas)-[\w.-]{20,300})",
    ),
    Form("GitLab runner token", ("gr1348941",), r"\b(?P<s>GR1348941[\w-]{20})"),
    Form("GitHub token", ("ghp_", "gho_", "ghu_", "ghs_", "ghr_"), r"\b(?P<s>gh[pousr]_[A-Za-z0-9]{36,255})\b"),
    Form("GitHub fine-grained token", ("github_pat_",), r"\b(?P<s>github_pat_\w{82})\b"),
    Form(
        "Slack token",
        ("xox", "xapp-"),
        r"\b(?P<s>xox[bops]-[0-9]{8,14}-[A-Za-z0-9-]{16,250}|xox[aer](?:\.xox[bp])?-[A-Za-z0-9-]{10,250}|"
        r"xapp-[0-9]-[A-Z0-9]{8,14}-[A-Za-z0-9-]{16,250})",
    ),
    Form(
        "Slack webhook",
        ("hooks.slack.com/",),
        r"(?P<s>hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{20,100})",
    ),
    Form("Discord webhook", ("/api/webhooks/",), r"(?P<s>discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/[\w-]{60,80})"),
    Form("Microsoft Teams webhook", ("webhook.office.com/",), r"(?P<s>webhook\.office\.com/webhookb2/[\w@/-]{60,200})"),
    Form("Stripe key", ("sk_live_", "sk_test_", "rk_live_", "rk_test_"), r"\b(?P<s>[sr]k_(?:live|test)_\w{16,250})\b"),
    Form("Stripe webhook secret", ("whsec_",), r"\b(?P<s>whsec_[A-Za-z0-9+/]{24,64})"),
    Form("Shopify token", ("shpat_", "shpca_", "shppa_", "shpss_"), r"\b(?P<s>shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32})\b"),
    Form(
        "Square token", ("sq0atp-", "sq0csp-", "eaaa"), r"\b(?P<s>sq0(?:atp|csp)-[\w-]{22,43}|EAAA[\w-]{60})(?![\w-])"
    ),
    Form("SendGrid key", ("sg.",), r"\b(?P<s>SG\.[\w-]{22}\.[\w-]{43})(?![\w-])"),
    Form("Mailgun key", ("key-",), r"(?<![\w-])(?P<s>key-[0-9a-f]{32})\b"),
    Form("Mailchimp key", ("-us",), r"(?<![0-9a-f])(?P<s>[0-9a-f]{32}-us[0-9]{1,2})\b"),
    Form("Twilio key", ("sk",), r"\b(?P<s>SK[0-9a-f]{32})\b"),
    Form("Telegram bot token", (":aa",), r"(?<![0-9])(?P<s>[0-9]{8,10}:AA[\w-]{33})(?![\w-])"),
    Form("npm token", ("npm_",), r"\b(?P<s>npm_[A-Za-z0-9]{36})\b"),
    Form(
        "npm registry password",
        (":_auth", ":_password"),
        r":_(?:authToken|auth|password)\s*=\s*(?P<s>[^\s$\"']{8,500})",
    ),
    Form("PyPI token", ("pypi-ag",), r"\b(?P<s>pypi-Ag[\w-]{50,500})"),
    Form("RubyGems key", ("rubygems_",), r"\b(?P<s>rubygems_[0-9a-f]{48})\b"),
    Form("Docker Hub token", ("dckr_pat_",), r"\b(?P<s>dckr_pat_[\w-]{27})"),
    Form("DigitalOcean token", ("dop_v1_", "doo_v1_", "dor_v1_"), r"\b(?P<s>do[opr]_v1_[a-f0-9]{64})\b"),
    Form("Databricks token", ("dapi",), r"\b(?P<s>dapi[0-9a-f]{32})(?:-[0-9])?\b"),
    Form("Terraform Cloud token", (".atlasv1.",), r"\b(?P<s>[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,70})"),
    Form("Vault token", ("hvs.", "hvb.", "hvr."), r"\b(?P<s>hv[sbr]\.[\w-]{24,300})"),
    Form("Grafana token", ("glsa_", "glc_"), r"\b(?P<s>glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_[A-Za-z0-9+/]{32,400})"),
    Form("New Relic key", ("nrak-", "nrii-"), r"\b(?P<s>NRAK-[A-Z0-9]{27}|NRII-[\w-]{32})(?![\w-])"),
    Form("Sentry token", ("sntrys_", "sntryu_"), r"\b(?P<s>sntry[su]_[A-Za-z0-9+/=_]{64,400})"),
    Form("Atlassian token", ("atatt3",), r"\b(?P<s>ATATT3[\w=-]{60,200})"),
    Form("Linear key", ("lin_api_",), r"\b(?P<s>lin_api_[A-Za-z0-9]{40})\b"),
    Form("Postman key", ("pmak-",), r"\b(?P<s>PMAK-[0-9a-f]{24}-[0-9a-f]{34})\b"),
    Form("Hugging Face token", ("hf_",), r"\b(?P<s>hf_[A-Za-z]{34})\b"),
    Form(
        "OpenAI key", ("t3blbkfj", "sk-proj-"), r"\b(?P<s>sk-[\w-]{16,100}T3BlbkFJ[\w-]{16,100}|sk-proj-[\w-]{40,200})"
    ),
    Form("Anthropic key", ("sk-ant-",), r"\b(?P<s>sk-ant-[a-z0-9]{3,8}-[\w-]{32,150})"),
    Form("JSON Web Token", ("eyj",), r"\b(?P<s>eyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{16,1000})"),
    Form("age secret key", ("age-secret-key-1",), r"\b(?P<s>AGE-SECRET-KEY-1[0-9A-Z]{20,120})"),
    Form(
        "private key",
        ("private key-----",),
        r"-----BEGIN (?!ENCRYPTED)(?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-----\s*(?P<s>[A-Za-z0-9+/=\\]{16})",
    ),
    Form(
        "PGP private key",
        ("pgp private key block",),
        r"-----BEGIN PGP PRIVATE KEY BLOCK-----\s{1,4}"
        r"(?:[A-Z]\w{1,20}: [^\n]{0,200}\n){0,8}\s{0,4}(?P<s>[A-Za-z0-9+/]{16})",
    ),
    Form(
        "PuTTY private key",
        ("putty-user-key-file",),
        r"PuTTY-User-Key-File-[23]: [\w-]{3,30}\s{1,2}Encryption: (?P<s>none)",
    ),
    Form(
        "URL with a password",
        ("://",),
        r"(?i)[a-z][a-z0-9+.-]{0,30}://[^/\s:@\"'<>{}$]{0,80}:(?P<s>[^/\s:@\"'<>{}$]{3,200})@"
        r"(?!(?:(?:[\w-]{1,63}\.){0,3}example(?:\.(?:com|org|net))?|host(?:name)?|server|domain|sha)(?![\w.-]))[\w.\[-]",
        sign=r"://[^/\s@]*:[^/\s@]+@",
    ),
    Form(
        "connection string with a password",
        ("password=", "pwd="),
        r"(?i)(?:server|data source|host|user id|uid|user|database)=[^;\n\"']{1,200};(?:[^;\n\"']{1,200};){0,12}"
        r"(?:password|pwd)=(?P<s>[^;\n\"'\s]{3,200})",
    ),
    Form(
        "authorization header",
        ("basic ", "bearer "),
        r"(?i)authorization[\"']?\s{0,3}[:=]\s{0,3}[\"']?(?:basic|bearer) (?P<s>[\w+/=.-]{16,1000})",
    ),
    Form(
        "netrc password",
        ("machine ",),
        r"(?m)^\s{0,8}machine \S{1,200}\s{1,8}login \S{1,200}\s{1,8}password (?P<s>\S{3,200})",
    ),
)


def present(text: str) -> list[tuple[Form, re.Pattern[str]]]:
    """The forms whose words a text has."""
    if not regex.search(_any_sign(), text):
        return []
    lower = text.lower()
    return [each for each in _compiled() if any(word in lower for word in each[0].words)]


@cache
def _any_sign() -> str:
    signs = (form.sign or "|".join(map(_plain, form.words)) for form in FORMS)
    return f"(?i){'|'.join(signs)}"


def _plain(word: str) -> str:
    return "".join(f"[{sign}]" if sign in _MEANING else sign for sign in word)


_MEANING: Final = ".+*?()|{}$"


@cache
def _compiled() -> tuple[tuple[Form, re.Pattern[str]], ...]:
    """The forms with their patterns, compiled when the first text is looked at."""
    return tuple((form, re.compile(form.pattern)) for form in FORMS)
