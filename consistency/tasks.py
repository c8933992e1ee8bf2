"""Every night by beat (R7)."""

from celery import shared_task

from consistency import checking


@shared_task(name="consistency.check", ignore_result=True, soft_time_limit=6 * 3600, time_limit=6 * 3600 + 60)
def check() -> None:
    """Check everything and keep what is found for the page."""
    checking.run()
