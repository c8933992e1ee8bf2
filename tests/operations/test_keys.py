"""The site's key: made once, closed to others, and no web request answered without it."""

import os
import subprocess
import sys
from pathlib import Path

from launch import keys
from launch.state import CLONE


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    assert keys.read(folder) == ""
    assert keys.make(folder)
    made = keys.read(folder)
    assert len(made) > 50
    assert not keys.make(folder)
    assert keys.read(folder) == made
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def serve(folder: Path) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "DINGDIAN_KEYS": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run([sys.executable, "-c", "import config.wsgi"], cwd=CLONE, env=environ, capture_output=True, text=True, check=False)


def test_the_web_server_refuses_to_start_with_the_key_of_the_tests(tmp_path: Path) -> None:
    refused = serve(tmp_path)
    assert refused.returncode != 0
    assert "launch.keys" in refused.stderr
    keys.make(tmp_path)
    assert serve(tmp_path).returncode == 0
