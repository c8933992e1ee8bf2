"""The product's settings, with one more address to measure against, and no limit on how often."""

from config.settings import *  # noqa: F403
from config.settings import PUBLIC_URLS

ROOT_URLCONF = "bench.urls"
PUBLIC_URLS = {*PUBLIC_URLS, "bench:bare"}
API_RATES = {}
DOCUMENTS_RENDER = False
ALLOWED_HOSTS = ["*"]
