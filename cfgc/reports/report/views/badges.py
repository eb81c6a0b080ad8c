"""Badges as SVG: `config model`, `config valid`, `config health`. They hold no word of the project."""

from __future__ import annotations

from typing import NamedTuple

from cfgc.history.views.words import counted
from cfgc.reports.report.model import Snapshot

_COLOURS = {"good": "#1d7a3d", "fair": "#946200", "poor": "#c9332b"}
_LABEL = "#4a5260"
_WIDE, _NARROW = "mwMW%", "fijlrtI1/.,-' "


class Badge(NamedTuple):
    """Two words and how good the second is."""

    label: str
    said: str
    grade: str


def badges(now: Snapshot) -> dict[str, str]:
    """File name -> the badge's SVG."""
    made = (model(now), valid(now), health(now))
    return {f"{each.label.replace(' ', '-')}.svg": drawn(each) for each in made}


def model(now: Snapshot) -> Badge:
    """Whether `cfgc.yaml`, the schemas and the policies are sound."""
    if now.model_errors:
        return Badge("config model", counted(now.model_errors, "error"), "poor")
    return Badge("config model", "OK", "good")


def valid(now: Snapshot) -> Badge:
    """Whether every environment is valid."""
    good = sum(each.compiles and not each.errors for each in now.environments)
    if good == len(now.environments) and good:
        return Badge("config valid", counted(good, "environment"), "good")
    return Badge("config valid", f"{good} of {counted(len(now.environments), 'environment')}", "poor")


def health(now: Snapshot) -> Badge:
    """The score."""
    return Badge("config health", f"{now.health.score}/100", now.health.grade)


def drawn(badge: Badge) -> str:
    """The SVG; texts are as wide as it says, whatever the font is."""
    left, right = _width(badge.label), _width(badge.said)
    whole = left + right + 40
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" '
        f'aria-label="{badge.label}: {badge.said}">'
        f"<title>{badge.label}: {badge.said}</title>"
        f'<clipPath id="r"><rect width="{whole}" height="20" rx="3"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{left + 20}" height="20" fill="{_LABEL}"/>'
        f'<rect x="{left + 20}" width="{right + 20}" height="20" fill="{_COLOURS[badge.grade]}"/></g>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f'<text x="10" y="14" textLength="{left}">{badge.label}</text>'
        f'<text x="{left + 30}" y="14" textLength="{right}">{badge.said}</text></g></svg>\n'
    )


def _width(text: str) -> int:
    """About how wide a text is in Verdana of 11 pixels."""
    tenths = sum(105 if each in _WIDE else 40 if each in _NARROW else 82 if each.isupper() else 68 for each in text)
    return -(-tenths // 10)
