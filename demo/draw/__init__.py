"""The demo pictures, one module per category; see demo/README.md."""
from .shapes import PICTURES, render
from . import ceramics, textiles, lighting, kitchen, coffee_tea  # noqa: F401
from . import stationery, bags, garden  # noqa: F401

__all__ = ["PICTURES", "render"]
