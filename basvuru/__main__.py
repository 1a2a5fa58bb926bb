"""``python -m basvuru``."""

from basvuru.cli import main

if __name__ == "__main__":
    main()
