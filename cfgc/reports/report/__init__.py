"""`cfgc report`: one dated page about a project's health.

`snapshot` tells what one content of the project is like, `past` is what remains of an earlier one, `period` is what
became of it since, and `health` turns a snapshot into points.
"""
