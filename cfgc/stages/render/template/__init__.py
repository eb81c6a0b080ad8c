"""Jinja2 templates over views of the tree. Nothing outside `cfgc/stages/render/template` imports Jinja."""
