#!/usr/bin/env python3
"""Draws every demo picture into demo/media. Usage: python3 demo/draw.py [name ...]"""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

from draw import PICTURES, render  # noqa: E402


def main():
    media = HERE / "media"
    media.mkdir(exist_ok=True)
    wanted = [name.removesuffix(".svg") for name in sys.argv[1:]] or sorted(PICTURES)
    for name in wanted:
        if name not in PICTURES:
            print(f"no drawing is called {name}", file=sys.stderr)
            return 1
        (media / f"{name}.svg").write_text(render(name), encoding="utf-8")
    print(f"{len(wanted)} picture(s) drawn")
    return 0


if __name__ == "__main__":
    sys.exit(main())
