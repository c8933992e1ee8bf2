"""An upload from a page: with the small script an answer in JSON, without it a page again."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.urls import reverse

from applications import materials
from applications.models import Application, Material
from casework.refusals import Invalid, Refused
from pages.acting import Stopped, do, say
from pages.requests import SignedIn

NO_FILE = "请先选择文件。"


def by_script(request: SignedIn) -> bool:
    """Whether portal.js asks, which draws the answer itself."""
    return request.headers.get("X-Requested-With") == "portal"


def upload(request: SignedIn, application: Application) -> str:
    """Put the sent file into its slot. The sentence why not, or nothing when it is there."""
    file = request.FILES.get("file")
    if file is None:
        return NO_FILE
    try:
        do(request, "upload_material", application, data={"item": request.POST.get("item", "")}, files={"file": file})
    except (Refused, Invalid) as error:
        return say(error)
    return ""


def answer(application: Application, item: str, problem: str) -> HttpResponse:
    """The answer for the script: the file that now lies in the slot, or why the new one does not."""
    if problem:
        return JsonResponse({"problem": problem}, status=400, json_dumps_params={"ensure_ascii": False})
    material = materials.on_file(application).get(item)
    return JsonResponse({"file": described(material) if material else None}, json_dumps_params={"ensure_ascii": False})


def stopped(error: Stopped) -> HttpResponse:
    """The script cannot show a whole page: it is told to load the page anew."""
    return JsonResponse({"problem": "内容刚刚被他人更改，请刷新页面后再试。"}, status=error.response.status_code)


def described(material: Material) -> dict[str, Any]:
    """A file as the page shows it."""
    return {
        "name": material.name,
        "size": size_of(material.size),
        "at": f"{material.uploaded_at.astimezone():%Y-%m-%d %H:%M}",
        "url": reverse("portal:material", args=[material.pk]),
    }


def size_of(size: int) -> str:
    """A file's size in words."""
    return f"{size / 1024 / 1024:.1f} 兆" if size >= 1024 * 1024 else f"{max(size // 1024, 1)} KB"
