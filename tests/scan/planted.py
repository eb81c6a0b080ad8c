"""Secrets of every kind, made here so that none stands in a file of this repository: letters of a fixed shuffle."""

from __future__ import annotations

import random
import string
from base64 import b64encode
from typing import NamedTuple

_RANDOM = random.Random(5)
_HEX = "0123456789abcdef"
_WORD = string.ascii_letters + string.digits


def some(count: int, letters: str = _WORD) -> str:
    """So many letters in no order; a digit and a letter are among them."""
    text = "".join(_RANDOM.choice(letters) for _ in range(count - 2))
    return f"{text}{'b' if 'b' in letters else letters[1]}{'7' if '7' in letters else letters[-1]}"


class Plant(NamedTuple):
    """A secret, the kind that it is found as, and the line that it stands in (`{}` is its place)."""

    kind: str
    secret: str
    line: str = "value: {}"


_UPPER32 = string.ascii_uppercase + "234567"
_BODY = "\n".join(some(64) for _ in range(3))

PLANTS: tuple[Plant, ...] = (
    Plant("AWS access key", "AKIA" + some(16, _UPPER32)),
    Plant("AWS secret key", some(40), "aws_secret_access_key: {}"),
    Plant("Azure storage key", some(86) + "==", "connection: AccountName=shop;AccountKey={};EndpointSuffix=core"),
    Plant("Azure client secret", f"{some(3)}8Q~{some(34)}"),
    Plant("Google API key", "AIza" + some(35)),
    Plant("Google OAuth secret", "GOCSPX-" + some(28)),
    Plant("GitLab token", "glpat-" + some(20)),
    Plant("GitLab token", "gldt-" + some(20)),
    Plant("GitLab runner token", "GR1348941" + some(20)),
    Plant("GitHub token", "ghp_" + some(36)),
    Plant("GitHub fine-grained token", f"github_pat_{some(22)}_{some(59)}"),
    Plant("Slack token", f"xoxb-{some(12, string.digits)}-{some(24)}"),
    Plant("Slack webhook", f"hooks.slack.com/services/T{some(8)}/B{some(8)}/{some(24)}", "url: https://{}"),
    Plant("Discord webhook", f"discord.com/api/webhooks/{some(18, string.digits)}/{some(68)}", "url: https://{}"),
    Plant(
        "Microsoft Teams webhook", f"webhook.office.com/webhookb2/{some(36)}@{some(36)}/{some(30)}", "u: https://a.{}"
    ),
    Plant("Stripe key", "sk_live_" + some(24)),
    Plant("Stripe key", "rk_test_" + some(24)),
    Plant("Stripe webhook secret", "whsec_" + some(32)),
    Plant("Shopify token", "shpat_" + some(32, _HEX)),
    Plant("Square token", "sq0csp-" + some(43)),
    Plant("SendGrid key", f"SG.{some(22)}.{some(43)}"),
    Plant("Mailgun key", "key-" + some(32, _HEX)),
    Plant("Mailchimp key", some(32, _HEX) + "-us12"),
    Plant("Twilio key", "SK" + some(32, _HEX)),
    Plant("Telegram bot token", f"{some(9, string.digits)}:AA{some(33)}"),
    Plant("npm token", "npm_" + some(36)),
    Plant("npm registry password", some(40), "//registry.shop.test/:_authToken={}"),
    Plant("PyPI token", "pypi-AgEIcHlwaS5vcmc" + some(70)),
    Plant("RubyGems key", "rubygems_" + some(48, _HEX)),
    Plant("Docker Hub token", "dckr_pat_" + some(27)),
    Plant("DigitalOcean token", "dop_v1_" + some(64, _HEX)),
    Plant("Databricks token", "dapi" + some(32, _HEX)),
    Plant("Terraform Cloud token", f"{some(14)}.atlasv1.{some(64)}"),
    Plant("Vault token", "hvs." + some(90)),
    Plant("Grafana token", f"glsa_{some(32)}_{some(8, _HEX)}"),
    Plant("New Relic key", "NRAK-" + some(27, string.ascii_uppercase + string.digits)),
    Plant("Sentry token", "sntrys_" + some(100)),
    Plant("Atlassian token", "ATATT3" + some(100)),
    Plant("Linear key", "lin_api_" + some(40)),
    Plant("Postman key", f"PMAK-{some(24, _HEX)}-{some(34, _HEX)}"),
    Plant("Hugging Face token", "hf_" + "".join(_RANDOM.choice(string.ascii_letters) for _ in range(34))),
    Plant("OpenAI key", f"sk-{some(20)}T3BlbkFJ{some(20)}"),
    Plant("Anthropic key", f"sk-ant-api03-{some(93)}"),
    Plant("JSON Web Token", f"eyJ{some(20)}.eyJ{some(40)}.{some(43)}"),
    Plant("age secret key", "AGE-SECRET-KEY-1" + some(58, string.ascii_uppercase + string.digits)),
    Plant("private key", _BODY, "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----"),
    Plant("private key", some(64), 'key: "-----BEGIN PRIVATE KEY-----\\n{}\\n-----END PRIVATE KEY-----"'),
    Plant("PGP private key", _BODY, "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{}\n-----END PGP PRIVATE KEY BLOCK-----"),
    Plant("PuTTY private key", some(64), "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPrivate-Lines: 1\n{}"),
    Plant("URL with a password", some(12), "url: postgres://shop:{}@db.shop.test/orders"),
    Plant(
        "connection string with a password", some(12), "c: Server=db;Database=shop;User Id=sa;Password={};Encrypt=yes"
    ),
    Plant("authorization header", b64encode(f"ann:{some(12)}".encode()).decode(), "Authorization: Basic {}"),
    Plant("netrc password", some(12), "machine git.shop.test login ann password {}"),
    Plant("password", "hunter" + some(4), "database_password: {}"),
    Plant("secret by its key and its randomness", some(32), "session_secret: {}"),
    Plant("secret by its key and its randomness", some(32, _HEX), "apiKey: {}"),
)
