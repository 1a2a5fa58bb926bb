"""Coverage-guided fuzzing of every reader: what nobody thought of sending.

    python -m fuzz.run --seconds 600

Needs atheris (libFuzzer for Python). ``corpus/`` holds a few small files for each reader, from
which the fuzzer starts; what it finds is written where ``--findings`` says, and belongs into the
tests once it is fixed.
"""
