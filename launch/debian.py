"""Debian's packages: installed when root or sudo without a password can, else named in one line to type."""

import os
import shutil
import subprocess
from pathlib import Path

from launch import commands
from launch.saying import say

RENDERING = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fontconfig")
FONTS = ("fonts-noto-cjk",)
BROWSER = ("chromium",)
VENV = ("python3-venv",)
LISTS = Path("/var/lib/apt/lists")
QUIETLY = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def is_debian() -> bool:
    return shutil.which("dpkg-query") is not None and shutil.which("apt-get") is not None


def missing(packages: tuple[str, ...]) -> list[str]:
    """Those of the packages that are not installed; none on other systems, where names differ."""
    if not is_debian():
        return []
    form = "${Package} ${db:Status-Status}\n"
    answer = subprocess.run(["dpkg-query", "-W", "-f", form, *packages], capture_output=True, text=True, check=False).stdout
    there = {line.split()[0] for line in answer.splitlines() if line.endswith(" installed")}
    return [package for package in packages if package not in there]


def line(packages: list[str]) -> str:
    """What a person types to install them."""
    return f"sudo apt-get install -y {' '.join(packages)}"


def privileged() -> list[str] | None:
    """What goes before a command that changes the system; None when it cannot be changed."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n", "DEBIAN_FRONTEND=noninteractive"]
    return None


def have_lists() -> bool:
    return any(LISTS.glob("*_Packages*"))


def update(log: Path) -> bool:
    before = privileged()
    return before is not None and commands.attempt([*before, "apt-get", "update"], log, QUIETLY)


def install(packages: tuple[str, ...], log: Path) -> list[str]:
    """Install what is missing; those still missing afterwards."""
    wanted = missing(packages)
    before = privileged()
    if not wanted or before is None:
        return wanted
    say(f"Installing Debian's packages: {' '.join(wanted)}")
    command = [*before, "apt-get", "-o", "DPkg::Lock::Timeout=300", "install", "-y", "--no-install-recommends", *wanted]
    if not have_lists() or not commands.attempt(command, log, QUIETLY):
        update(log)
        commands.attempt(command, log, QUIETLY)
    return missing(packages)
