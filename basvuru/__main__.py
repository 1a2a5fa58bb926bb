"""``python -m basvuru``."""

from basvuru.cli import main

main()
