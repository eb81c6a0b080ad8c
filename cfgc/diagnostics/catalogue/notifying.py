"""Codes from CFG990: notification. None of them is an error: who could not be told changes no verdict."""

from cfgc.diagnostics.catalogue.rule import NOTE, WARNING, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "CFG990",
        "notify-extra-missing",
        WARNING,
        "nobody is notified: Apprise, which sends notifications, is not installed",
        "`pip install 'cfgc[notify]'`",
    ),
    Rule(
        "CFG991",
        "notify-no-address",
        WARNING,
        "`{receiver}` is not notified: it is no address that a notification can be sent to",
        "write a URL of Apprise, such as `slack://...`, `mailtos://...` or `jsons://...`",
    ),
    Rule(
        "CFG992",
        "notify-failed",
        WARNING,
        "`{receiver}` is not notified: {reason}",
        "look whether it can be reached from here, and whether its token is still valid",
    ),
    Rule(
        "CFG993",
        "notify-variable-missing",
        NOTE,
        "`{receiver}` is not notified: the environment variable is not set",
        "set it to a URL of Apprise where notifications are to be sent from",
    ),
    Rule(
        "CFG994",
        "notify-untrusted",
        NOTE,
        "`{receiver}` is not notified: a merge request may have written `cfgc.yaml`",
        "`--notify` on the command line notifies in the pipelines of merge requests too",
    ),
)
