"""The notebooks in both languages: made, kept equal and checked by ``python tools/notebooks``.

``notebooks/ja`` is the source and ``notebooks/en`` its translation. How to write one:

* Write the Japanese notebook (in JupyterLab, or as text, see below), then
  ``python tools/notebooks sync 03-console``: the English one gets the same cells, ids, tags and
  code, keeps the translations it has, and shows the Japanese where one is missing.
* Translate, then ``python tools/notebooks stamp 03-console [CELL …]``. A translated cell
  remembers in ``metadata.ecslab.source`` which Japanese text it translates (a hash), so that
  ``check`` names every cell whose Japanese changed afterwards.
* Or both languages in one file, cell beside cell: ``python tools/notebooks unpack 03-console``
  writes ``03-console.txt``, ``pack 03-console.txt`` writes both notebooks, stamps included.
* ``python tools/notebooks check`` says what is wrong (CI runs it), ``tidy`` removes what an editor
  left behind: outputs, counts, widget state, foreign metadata.

The rules (`rules.py`, `parity.py`):

* The first cell is the title, ``# …``, and names the minutes of the whole; each section is
  ``## … （5 分）`` in Japanese, ``## … (5 min)`` in English. The title's minutes are their sum.
* Cell ids are words (``run-task``), since tests, hints and translations speak of cells by id.
* Code cells are ASCII and the same byte for byte in both languages, without comments (prose stands
  in Markdown cells, where it is translated), at most 12 lines, at the median at most 3, and define
  no function and no class: what is longer has a name in a room of ``ecslab``, and a test.
* ``check`` is the tag of cells whose result must be a ``✓``: the run of all notebooks looks at it.
  ``raises-exception`` is the tag of cells that fail on purpose.
* What changed since 2019 stands in a quotation that begins ``> **2019 年から変わったこと**``
  (``> **What has changed since 2019**``); hints and solutions in ``<details><summary>``.
"""
