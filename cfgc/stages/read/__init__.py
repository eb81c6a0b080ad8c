"""Bytes -> plain data, exactly as YAML 1.2, JSON, TOML or dotenv mean it; positions on demand (SPEC section 3).

`Reader` reads the files of a source, `read_text` any other text. Both give data and findings and raise nothing.
"""

from cfgc.stages.read.reader import Reader, Shelf, read_text

__all__ = ["Reader", "Shelf", "read_text"]
