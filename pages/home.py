"""The first page: for whoever is signed in the start of the own work, for the public what can be found here."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from pages.navigation import home_of
from pages.requests import Request

# The way as the law lays it out; periods are those of M8, M9 and R12.
ROAD = [
    {"title": "申请", "state": "plain", "note": "向所在区经办机构提交"},
    {"title": "受理", "state": "plain", "note": "材料不全的，5 个工作日内一次性告知"},
    {"title": "评估", "state": "plain", "note": "自受理起 3 个月"},
    {"title": "公示", "state": "plain", "note": "合格名单向社会公示"},
    {"title": "协商签约", "state": "plain", "note": "公示期满且异议办结后"},
    {"title": "公布", "state": "plain", "note": "列入定点名单"},
]


def home(request: Request) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(home_of(request.actor))
    return render(request, "home.html", {"road": ROAD})
