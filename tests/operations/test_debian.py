"""Debian's packages: what is missing is found and named."""

import os
import shutil

import pytest

from launch import debian


def test_what_is_installed_is_not_missing() -> None:
    assert debian.missing(("dpkg", "there-is-no-such-package")) == ["there-is-no-such-package"]


def test_one_line_to_type() -> None:
    assert debian.line(["a", "b"]) == "sudo apt-get install -y a b"


def test_root_needs_nothing_before_a_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert debian.privileged() == []


def test_nobody_without_sudo_changes_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda program: None)
    assert debian.privileged() is None
