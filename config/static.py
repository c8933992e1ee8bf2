"""Static files: those of the project's own apps, and from the installed wheels just what the pages use.

Bootstrap, its icons, htmx and the API's documentation pages come as Python packages, so nothing is vendored here and
nothing is fetched from a CDN. The packages hold two thousand pictures and thirty megabytes that no page asks for: taken
whole, they made collecting last half a minute.
"""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

FILES = {
    "bootstrap": {
        "vendor/bootstrap/bootstrap.min.css": "css/bootstrap.min.css",
        "vendor/bootstrap/bootstrap.bundle.min.js": "js/bootstrap.bundle.min.js",
    },
    "js_lib_bootstrap_icons": {
        "vendor/icons/bootstrap-icons.min.css": "static/bootstrap-icons/font/bootstrap-icons.min.css",
        "vendor/icons/fonts/bootstrap-icons.woff": "static/bootstrap-icons/font/fonts/bootstrap-icons.woff",
        "vendor/icons/fonts/bootstrap-icons.woff2": "static/bootstrap-icons/font/fonts/bootstrap-icons.woff2",
    },
    "django_htmx": {
        "vendor/htmx/htmx.min.js": "static/django_htmx/htmx-2.min.js",
    },
    "drf_spectacular_sidecar": {
        f"drf_spectacular_sidecar/swagger-ui-dist/{name}": f"static/drf_spectacular_sidecar/swagger-ui-dist/{name}"
        for name in ("favicon-32x32.png", "swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js")
    },
}


def folder(package: str) -> Path:
    """Where an installed package lies, with or without an `__init__.py`."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"the package {package} of requirements.txt is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


class OwnAppsFinder(AppDirectoriesFinder):
    """Finds what lies in `static/` of the project's own apps."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        own = [app.name for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
        super().__init__(own, *args, **kwargs)


class PackageStorage(FileSystemStorage):
    """Opens the listed files of one package under the names that the pages use."""

    def __init__(self, package: str) -> None:
        super().__init__(location=folder(package))
        self.package = package

    def path(self, name: str) -> str:
        return super().path(FILES[self.package].get(name, name))


class VendorFinder(BaseFinder):
    """Finds the files of FILES."""

    def find(self, path: str, find_all: bool = False, **options: Any) -> Any:
        found = [str(folder(package) / names[path]) for package, names in FILES.items() if path in names]
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for package, names in FILES.items():
            storage = PackageStorage(package)
            for name in names:
                yield name, storage


class Storage(CompressedManifestStaticFilesStorage):
    """Names each file by its content and compresses it; the source maps that vendors mention are not shipped."""

    patterns = tuple(
        (files, tuple(rule for rule in rules if "sourceMappingURL" not in str(rule)))
        for files, rules in CompressedManifestStaticFilesStorage.patterns
    )
