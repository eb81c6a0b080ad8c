"""Policy files to policies and waivers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from cfgc.diagnostics import Diagnostic, Label, Severity, report
from cfgc.model.layers import Locator, Source
from cfgc.model.location import Location, start_of
from cfgc.model.text import closest
from cfgc.model.values import Value
from cfgc.stages.check.policy.assertion import compile_assertion
from cfgc.stages.check.policy.caret import place_in
from cfgc.stages.check.policy.form import Form
from cfgc.stages.check.policy.model import FOLDER, WORDS, Match, Place, Policy, Waiver

ReadData: TypeAlias = Callable[[str], tuple[Value, list[Diagnostic]]]

_SUFFIXES = (".yaml", ".yml", ".json")
_POLICY_KEYS = ("name", "match", "assert", "at", "message", "severity", "help")
_WAIVER_KEYS = ("policy", "component", "environment", "owner", "reason", "until")


class PolicyFiles:
    """Reads the files of `policies/`; `policies`, `waivers` and `found` are there to take afterwards."""

    def __init__(self, source: Source, read_data: ReadData, locator: Locator) -> None:
        self._source = source
        self._read_data = read_data
        self._locator = locator
        self.policies: list[Policy] = []
        self.waivers: list[Waiver] = []
        self.found: list[Diagnostic] = []
        self._names: dict[str, Place] = {}

    def read(self) -> None:
        """Every file of the folder, at any depth, in byte order."""
        for entry in self._source.list(FOLDER):
            hidden = any(part.startswith(".") for part in entry.path.split("/"))
            if entry.path.endswith(_SUFFIXES) and not hidden:
                self._file(entry.path)
        self._check_waivers()

    def _file(self, path: str) -> None:
        data, found = self._read_data(path)
        self.found += found
        if any(each.is_error for each in found):
            return
        if not data or not isinstance(data, dict):
            self.found.append(report("policy-file-empty", at=start_of(path), file=path))
            return
        form = Form(f"`{path}`", Place(path, ()), data, self._locator)
        form.only(("policies", "waivers"))
        for number, item in enumerate(form.items("policies")):
            self._policy(_entry(form, "policies", number, item))
        for number, item in enumerate(form.items("waivers")):
            self._waiver(_entry(form, "waivers", number, item))
        self.found += form.found

    def _policy(self, form: Form | None) -> None:
        if form is None:
            return
        before = len(form.found)
        form.only(_POLICY_KEYS)
        name = form.text("name", example="no-debug-in-prod")
        text = form.text("assert", example="config.replicas >= 2")
        message = form.worded("message", WORDS, example='"`{component}` has no second replica in {environment}"')
        severity = Severity[form.choice("severity", ("error", "warning")).upper()]
        match, at, advice = self._match(form), form.path("at"), form.text("help")
        self._name(form, name)
        expression, found = compile_assertion(name, text, lambda offset: self._character(form, text, offset))
        if text:
            form.add(found)
        if expression is not None and not any(each.is_error for each in form.found[before:]):
            policy = Policy(name, expression, message, match, severity, advice, at, form.place)
            self.policies.append(policy)

    def _match(self, form: Form) -> Match:
        inner = form.inner(form.where, form.mapping("match"), "match")
        inner.only(("environments", "components", "labels"))
        labels = inner.mapping("labels")
        for key, value in labels.items():
            if not isinstance(value, str):
                inner.inner(form.where, labels, "labels").wrong(key, "a text, as labels are")
        return Match(inner.texts("environments"), inner.texts("components"), labels)

    def _name(self, form: Form, name: str) -> None:
        known = self._names.setdefault(name, form.place) if name else form.place
        if known is not form.place:
            other = Label(self._locator.value(known.file, (*known.path, "name")), "the other one")
            form.add([report("policy-duplicate-name", at=form.location("name"), related=[other], policy=name)])

    def _character(self, form: Form, text: str, offset: int) -> Location:
        span = form.location("assert")
        try:
            source = self._source.read(form.place.file).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return span
        return place_in(source.replace("\r\n", "\n"), span, text, offset)

    def _waiver(self, form: Form | None) -> None:
        if form is None:
            return
        form.only(_WAIVER_KEYS)
        policy = form.text("policy", example="no-debug-in-prod")
        component = form.path("component", example="managers.web")
        owner = form.text("owner", example="team-core")
        reason = form.text("reason", example='"INC-42"')
        until = form.day("until", example="2027-01-31")
        environment = form.text("environment")
        if policy and component and until:
            self.waivers.append(Waiver(policy, component, environment, owner, reason, until, form.place))

    def _check_waivers(self) -> None:
        known = [waiver for waiver in self.waivers if waiver.policy in self._names]
        for waiver in self.waivers:
            if waiver not in known:
                at = self._locator.value(waiver.place.file, (*waiver.place.path, "policy"))
                meant = closest(waiver.policy, list(self._names))
                advice = f"did you mean `{meant}`?" if meant else "remove the waiver"
                self.found.append(report("waiver-unknown-policy", at=at, policy=waiver.policy, help=advice))
        self.waivers = known


def _entry(form: Form, key: str, number: int, item: Any) -> Form | None:
    singular = {"policies": "policy", "waivers": "waiver"}[key]
    name = item.get("name" if key == "policies" else "policy") if isinstance(item, dict) else None
    where = f"{singular} `{name}`" if isinstance(name, str) else f"{singular} {number + 1}"
    if key == "waivers" and isinstance(name, str):
        where = f"the waiver of `{name}`"
    inner = form.inner(where, item if isinstance(item, dict) else {}, key, number)
    if isinstance(item, dict):
        return inner
    found = report("policy-invalid-value", at=inner.location(), key=key, where=form.where, wanted="a list of mappings")
    form.add([found])
    return None
