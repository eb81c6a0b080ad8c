"""Places in `cfgc.yaml` that nobody has looked up yet.

Finding a line means parsing the file again with marks, which no run without a finding should pay for. So an
environment and an output carry a location without a line, `cfgc.yaml#outputs[2]`, and `placed` turns it into the
line once a finding shows it.
"""

from __future__ import annotations

from cfgc.diagnostics import Diagnostic, Label
from cfgc.model.keypath import KeyPath, parse, show
from cfgc.model.layers import Locator
from cfgc.model.location import Location
from cfgc.stages.discover.schema import FILE

_MARK = f"{FILE}#"


def setting(path: KeyPath) -> Location:
    """The location of a setting, without its line."""
    return Location(f"{_MARK}{show(path)}", 0, 0, 0, 0)


def placed(diagnostic: Diagnostic, locator: Locator) -> Diagnostic:
    """The diagnostic with the lines of all settings that it shows; itself, where it shows none."""
    shown = [diagnostic.location, *(label.location for label in diagnostic.related)]
    if not any(location is not None and _is_setting(location) for location in shown):
        return diagnostic
    location = diagnostic.location and _place(diagnostic.location, locator)
    related = tuple(Label(_place(label.location, locator), label.message) for label in diagnostic.related)
    return diagnostic.but(location=location, related=related)


def _is_setting(location: Location) -> bool:
    return location.line == 0 and location.file.startswith(_MARK)


def _place(location: Location, locator: Locator) -> Location:
    if not _is_setting(location):
        return location
    return locator.value(FILE, parse(location.file.removeprefix(_MARK)))
