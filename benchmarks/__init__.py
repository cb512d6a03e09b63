"""Every figure we claim, as a ratio, with one command each; docs/benchmarks.md has the results.

    .venv/bin/python -m benchmarks.live
    .venv/bin/python -m benchmarks.storms
    .venv/bin/python -m benchmarks.workshop
    .venv/bin/python -m benchmarks.memory
    .venv/bin/python -m benchmarks.page
    .venv/bin/python -m benchmarks.paste
    .venv/bin/python -m benchmarks.paper

Milliseconds of one machine say nothing about another. So each figure is divided by something
simpler that ran in the same minutes on the same machine, in rounds that take turns.
"""
