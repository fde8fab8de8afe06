"""What ``start.py`` does: the standard library alone, since nothing is installed yet.

``asked`` reads the command line, ``environment`` makes ``.venv`` from the lock files, ``system``
installs what tests of real parts need, ``words`` holds every sentence in both languages.
"""
