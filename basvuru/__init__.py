"""The front door: command line, composition root, and what plugin authors import."""

from importlib.metadata import version

__version__ = version("basvuru")
