"""Rendering in the background. A lost message loses nothing: a document without its PDF is rendered when it is opened."""

import logging

from celery import shared_task

logger = logging.getLogger(__name__)


def ask(documents: list[int]) -> None:
    """Have a worker render documents. A broker that is away must not fail a request whose act is already done."""
    try:
        render.apply_async((documents,), retry=False, ignore_result=True)
    except Exception:
        logger.warning("没有消息服务，文书 %s 将在打开时生成", documents, exc_info=True)


@shared_task(name="documents.render", ignore_result=True)
def render(documents: list[int]) -> None:
    """Render documents, each by itself; nothing happens where that was done already."""
    from documents.models import Document
    from documents.rendering import pdf

    for document in Document.objects.filter(pk__in=documents).order_by("pk"):
        try:
            pdf(document)
        except Exception:
            logger.exception("文书 %s 未能生成，将在打开时再试", document.pk)
