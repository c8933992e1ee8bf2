"""What a site can set about documents, by environment variable or Django setting of the same name."""

import os
from pathlib import Path
from urllib.parse import urljoin

from django.conf import settings


def base_url() -> str:
    """Address under which the public reaches this site; stands in every QR code."""
    return str(getattr(settings, "DINGDIAN_BASE_URL", None) or os.environ.get("DINGDIAN_BASE_URL") or "http://localhost:8000")


def verify_url(base: str, code: str) -> str:
    """Public address that says whether a document is genuine."""
    return urljoin(base, f"/verify/{code}/")


def font_folder() -> Path:
    """Where ``install_fonts`` puts the fonts, and where rendering looks first."""
    return Path(getattr(settings, "FONT_DIR", settings.STATE_DIR / "fonts"))


def seal_folder() -> Path:
    """Where an office puts its own seal: ``<id of the office>.png``. Without one a test mark is printed."""
    return Path(settings.STATE_DIR) / "seals"


def rendering_on() -> bool:
    """Whether issuing asks a worker to render; a site can switch it off, documents are then rendered when opened."""
    return bool(getattr(settings, "DOCUMENTS_RENDER", True))
