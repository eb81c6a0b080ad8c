"""Going back: a plan that is prepared, compiled and proved before anything moves (issue: rollback).

`plan_rollback` makes the commit to be as an object and tells all that it does; `proved` looks at what was written.
"""

from cfgc.history.rollback.plan import Plan, plan_rollback
from cfgc.history.rollback.request import How, Request
from cfgc.history.rollback.untracked import untracked
from cfgc.history.rollback.written import proved

__all__ = ["How", "Plan", "Request", "plan_rollback", "proved", "untracked"]
