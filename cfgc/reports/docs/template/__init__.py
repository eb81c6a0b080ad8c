"""`config_template.yaml`: the whole model as one commented file that satisfies the schemas as it stands."""

from cfgc.reports.docs.template.template import template

__all__ = ["template"]
