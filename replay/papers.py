"""The papers of a played case as PDF files."""

from __future__ import annotations

import re
from pathlib import Path

from documents.models import Document
from documents.rendering import pdf


def write(folder: Path, case: str) -> int:
    """Render every paper in the order of issue into the folder; how many there were."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w-]+", "_", case)[:60]
    documents = list(Document.objects.order_by("id"))
    for n, document in enumerate(documents, 1):
        (folder / f"{name}-{n:03d}-{document.catalogue:02d}.pdf").write_bytes(pdf(document))
    return len(documents)
