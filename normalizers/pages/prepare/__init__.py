"""Making a page readable: one idea a module, each a function from grey values to grey values.

Which ideas a page needs is decided in :mod:`normalizers.pages.page`, by what the page is. The
numbers come from paired measurements on degraded Turkish letters; to repeat them, run
``benchmarks/reading_pages.py``.
"""
