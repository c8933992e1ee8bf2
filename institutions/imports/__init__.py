"""Taking in lists of institutions: reading files, understanding rows, matching them with what is known, writing.

``institutions.importing`` is the way in.
"""
