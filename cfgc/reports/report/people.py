"""Who answers for what: the waivers with their owners, and the owners of components."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cfgc.diagnostics import Severity
from cfgc.external.files import WorkTree
from cfgc.history.life.lookup import value_at
from cfgc.history.sides import Side
from cfgc.history.views.words import place_text
from cfgc.model.keypath import KeyPath, show
from cfgc.pipeline.compile import Compiled
from cfgc.reports.report.asked import Asked, Ground
from cfgc.reports.report.model import NO_OWNER, Found, Gaps, Owner, Standing, Waived
from cfgc.reports.scan.owners import Owners, read_owners
from cfgc.stages.check.policy import Waiver

_KEY = "owner"


def waivers(side: Side, asked: Asked) -> tuple[Waived, ...]:
    """All waivers of the project's policies, the one that ends first on top."""
    policies = side.session.policies
    found = [_waived(side, each, asked) for each in (policies.waivers if policies else ())]
    return tuple(sorted(found, key=lambda each: (each.until, each.policy, each.component, each.environment)))


def owners(ground: Ground, found: Iterable[Found], gaps: Gaps | None, waived: Sequence[Waived]) -> tuple[Owner, ...]:
    """The owners by name, nobody last.

    A component's owner is what its key `owner` says, else whom CODEOWNERS names for the file that it begins in.
    """
    of = _owners_of(ground)
    names = sorted(set(of.values()) | {each.owner for each in waived}, key=lambda name: (name == NO_OWNER, name))
    told = list(found)
    lacking = list(gaps.found) if gaps else []
    return tuple(_owner(name, of, (told, lacking), waived) for name in names)


def _waived(side: Side, waiver: Waiver, asked: Asked) -> Waived:
    left = (waiver.until - asked.today).days
    standing: Standing = "ended" if left < 0 else "ending" if left <= asked.notice else "in-force"
    place = place_text(side.session.locator.value(waiver.place.file, waiver.place.path))
    component, until = show(waiver.component), waiver.until.isoformat()
    return Waived(
        waiver.policy, component, waiver.environment, waiver.owner, waiver.reason, until, left, standing, place
    )


def _owners_of(ground: Ground) -> dict[str, str]:
    """Component -> owner, of the components of all environments."""
    codeowners = _codeowners(ground)
    found: dict[str, str] = {}
    for one in ground.side.examined.compiled.values():
        for path in one.components:
            name = show(path)
            if found.get(name, NO_OWNER) == NO_OWNER:
                found[name] = _stated(one, path) or _of_file(one, path, codeowners) or NO_OWNER
    return found


def _codeowners(ground: Ground) -> Owners | None:
    """Of the working tree a name that starts with `.` is read too, as GitLab does; a commit is not asked for one."""
    source = ground.side.session.source
    return read_owners(source.raw if isinstance(source, WorkTree) else source.read)


def _stated(one: Compiled, path: KeyPath) -> str:
    value = value_at(one.tree, (*path, _KEY))
    return value if isinstance(value, str) else ""


def _of_file(one: Compiled, path: KeyPath, codeowners: Owners | None) -> str:
    place = one.placing.place_key(path)
    return ", ".join(codeowners.of(place.file)) if codeowners and place else ""


def _owner(
    name: str, of: Mapping[str, str], found: tuple[Sequence[Found], Sequence[Found]], waived: Sequence[Waived]
) -> Owner:
    mine = tuple(component for component, owner in of.items() if owner == name)
    told, lacking = found
    about = [each for each in told if each.component in mine]
    return Owner(
        name,
        mine,
        sum(each.severity is Severity.ERROR for each in about),
        sum(each.severity is Severity.WARNING for each in about),
        sum(each.component in mine for each in lacking),
        sum(each.owner == name for each in waived),
    )
