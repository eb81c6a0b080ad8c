"""`config-scan.json`: the inventory as data; `config-scan.schema.json` describes it."""

from __future__ import annotations

from json import dumps
from typing import Any

from cfgc.reports.scan.inventory import Facts, Inventory, Past, Source
from cfgc.reports.scan.secrets import Suspicion


def render(inventory: Inventory, _top: str = "") -> str:
    """One JSON document. Nothing in it depends on the clock or the machine."""
    return dumps(as_data(inventory), ensure_ascii=False, indent=2) + "\n"


def as_data(inventory: Inventory) -> dict[str, Any]:
    """The inventory as plain data; what nobody asked for is null."""
    return {
        "version": 1,
        "date": inventory.date or None,
        "commit": inventory.commit or None,
        "summary": inventory.summary(),
        "sources": [_source(each, inventory) for each in inventory.sources],
        "variables": [
            {"name": each.name, "declared": list(each.declared), "used": list(each.used)}
            for each in inventory.variables()
        ],
        "skipped": [each._asdict() for each in inventory.skipped],
        "history": None if inventory.past is None else [_past(each) for each in inventory.past],
    }


def _source(source: Source, inventory: Inventory) -> dict[str, Any]:
    facts = source.facts
    return {
        "path": facts.path,
        "format": facts.format,
        "role": facts.role,
        "size": facts.size,
        **_parsing(facts),
        "keys": facts.keys,
        "top": list(facts.top),
        "documents": facts.documents,
        "declared": list(facts.declared),
        "used": [{"name": name, "line": line} for name, line in facts.used.items()],
        "expects": list(facts.expects),
        "encrypted": dict(facts.encrypted),
        "suspected": [_suspicion(each) for each in facts.suspected],
        "structs": [{**each._asdict(), "keys": list(each.keys)} for each in facts.structs],
        "owners": list(source.owners) if inventory.with_owners else None,
        "commit": source.commit._asdict() if source.commit else None,
        "changed": source.changed if inventory.with_commits else None,
    }


def _parsing(facts: Facts) -> dict[str, Any]:
    return {
        "state": facts.state,
        "whole": facts.whole,
        "problem": facts.problem._asdict() if facts.problem else None,
        "note": facts.note or None,
    }


def _past(past: Past) -> dict[str, Any]:
    return {
        "path": past.path,
        "blob": past.blob,
        **_suspicion(past.suspicion),
        "brought": past.brought._asdict() if past.brought else None,
        "removed": past.removed._asdict() if past.removed else None,
    }


def _suspicion(suspicion: Suspicion) -> dict[str, Any]:
    return {
        "kind": suspicion.kind,
        "line": suspicion.line,
        "key": suspicion.key or None,
        "allowed": suspicion.allowed,
    }
