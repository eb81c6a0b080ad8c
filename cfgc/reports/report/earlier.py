"""The report to compare with: the newest one in `reports/`, or what a report of an earlier commit would say."""

from __future__ import annotations

import re
from datetime import date

from cfgc.diagnostics import Failed, report
from cfgc.history.views.words import place_text
from cfgc.model.layers import Source
from cfgc.reports.report.asked import Asked, Ground
from cfgc.reports.report.past import Past, of_data
from cfgc.reports.report.period import earlier_side
from cfgc.reports.report.snapshot import take
from cfgc.reports.report.views.json import snapshot_data
from cfgc.stages.read import Shelf

_NAME = re.compile(r"reports/config_report_(\d{8})\.json")


def newest(source: Source, today: date) -> tuple[str, str] | None:
    """The path and the text of the newest report of a day before `today`; none where there is none."""
    names = {found[1]: each.path for each in source.list("reports") if (found := _NAME.fullmatch(each.path))}
    before = [day for day in names if day < today.strftime("%Y%m%d")]
    if not before:
        return None
    path = names[max(before)]
    return path, source.read(path).decode("utf-8", "replace")


def of_commit(revision: str, ground: Ground, asked: Asked) -> Past | str:
    """What a report of a revision would say, on the day of its commit; why there is none, where none can be made.

    A repository is older than its project, or its project could not be read then. Raises `Failed` for an unknown
    revision.
    """
    if ground.history is None:
        raise Failed(report("unknown-revision", revision=revision))
    commit = ground.history.commit_id(revision)
    day = date.fromisoformat(ground.history.commit(commit).committer.date[:10])
    try:
        side = earlier_side(ground, commit, asked, ground.side.session.shelf or Shelf(), day)
        then = Ground(ground.root, side, ground.history)
        return of_data(revision, snapshot_data(take(then, asked._replace(today=day))))
    except Failed as failed:
        why = failed.diagnostics[0]
        where = f" (`{place_text(why.location)}`)" if why.location else ""
        return f"not with `{revision}`: {why.message}{where}"
