"""What may be uploaded: told from the content, whatever the name says."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.uploadedfile import UploadedFile

MAX_SIZE = 20 * 1024 * 1024
KINDS = {
    b"%PDF-": ("application/pdf", (".pdf",)),
    b"\x89PNG\r\n\x1a\n": ("image/png", (".png",)),
    b"\xff\xd8\xff": ("image/jpeg", (".jpg", ".jpeg")),
}


class Unfit(ValueError):
    """The file cannot be taken; the message says why, in Chinese."""


def check_file(upload: UploadedFile[Any]) -> tuple[str, str]:
    """Content type and digest of an upload. Kind is told from its content, never from its name. Raises Unfit."""
    if not upload.size:
        raise Unfit("文件是空的,请重新选择。")
    if upload.size > MAX_SIZE:
        raise Unfit(f"文件超过{MAX_SIZE // 1024 // 1024}兆,请压缩或拆分后再传。")
    head = upload.read(16)
    upload.seek(0)
    for magic, (content_type, endings) in KINDS.items():
        if head.startswith(magic):
            if not str(upload.name).lower().endswith(endings):
                raise Unfit(f"文件内容是{content_type.split('/')[1].upper()},与文件名的后缀不符,请改正后再传。")
            break
    else:
        raise Unfit("只接受PDF、PNG和JPEG文件(按内容识别,不看后缀)。")
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return content_type, digest.hexdigest()
