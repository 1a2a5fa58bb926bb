"""Reading hostile documents in a child process with bounds on time and memory.

A PDF, an image or a font can crash a library in C, or eat all memory. Readers of the queue
``pages`` therefore run in children of the worker: one for each thread, kept between documents so
that language models are loaded once, replaced when one dies.
"""
