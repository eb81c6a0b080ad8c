"""cfgc compiles layered configuration."""

__version__ = "0.1.0"
