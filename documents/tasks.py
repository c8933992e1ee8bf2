"""Rendering in the background. A lost message loses nothing: a document without its PDF is rendered when it is opened."""

import logging

from celery import shared_task

logger = logging.getLogger(__name__)


def ask(document_id: int) -> None:
    """Have a worker render a document. A broker that is away must not fail a request whose act is already done."""
    try:
        render.apply_async((document_id,), retry=False, ignore_result=True)
    except Exception:
        logger.warning("没有消息服务，文书 %s 将在打开时生成", document_id, exc_info=True)


@shared_task(name="documents.render", ignore_result=True)
def render(document_id: int) -> None:
    """Render one document; nothing happens if that was done already."""
    from documents.models import Document
    from documents.rendering import pdf

    pdf(Document.objects.get(pk=document_id))
