"""Programs for tests: a client that sends JSON with a token, and reads JSON whatever comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from api import tokens
from offices.actors import Actor
from offices.models import Office, User

API = "/api/v1/"


class Program:
    """A program that acts for somebody; without an actor it has no token. ``last`` is the answer it got last."""

    def __init__(self, actor: Actor | None = None) -> None:
        self.client = Client()
        self.headers: dict[str, str] = {}
        if actor is not None:
            _, text = tokens.issue(User.objects.get(pk=actor.user_id), Office.objects.get(pk=actor.office_id))
            self.headers = {"Authorization": f"Bearer {text}"}

    def get(self, address: str, status: int = 200, **query: Any) -> Any:
        return self._read(self.client.get(API + address, query, headers=self.headers), status)

    def post(self, address: str, body: Any = None, status: int = 200, **files: Any) -> Any:
        if files:
            sent = self.client.post(API + address, {**(body or {}), **files}, headers=self.headers)
        else:
            sent = self.client.post(API + address, json.dumps(body or {}), content_type="application/json", headers=self.headers)
        return self._read(sent, status)

    def delete(self, address: str, status: int = 204) -> Any:
        return self._read(self.client.delete(API + address, headers=self.headers), status)

    def _read(self, answer: HttpResponse, status: int) -> Any:
        self.last = answer
        kind = answer["Content-Type"] if answer.content else ""
        body = json.loads(answer.content) if "json" in kind else answer.content
        assert answer.status_code == status, f"{answer.status_code}: {body}"
        if status >= 400:
            assert kind == "application/problem+json", kind
            assert body["status"] == status
        return body


@pytest.fixture
def program() -> type[Program]:
    return Program
