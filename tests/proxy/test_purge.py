"""Emptying the proxy's cache: everything that nginx keeps there, and nothing anywhere else."""

import os
import tempfile
from pathlib import Path

import pytest

from newsroom import proxy_cache

PAGE = "0123456789abcdef" * 2


def test_every_page_goes_in_whatever_folders_nginx_keeps_them(tmp_path):
    for name in (PAGE, f"{PAGE}.0000000012", f"a/{PAGE}", f"a/bc/{PAGE}"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"page")
    assert proxy_cache.purge(tmp_path) == 4
    assert [one.name for one in tmp_path.rglob("*") if one.is_file()] == []
    assert proxy_cache.purge(tmp_path) == 0
    assert tmp_path.is_dir()


@pytest.mark.parametrize(
    "foreign", ["notes.txt", PAGE[:-1], PAGE.upper(), "a/notes.txt", f"stories/{PAGE}", f"{PAGE}.x"]
)
def test_a_folder_that_holds_anything_else_is_refused_and_nothing_in_it_is_touched(
    tmp_path, foreign
):
    for name in (PAGE, f"a/{PAGE}", foreign):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"kept")
    with pytest.raises(proxy_cache.NotACacheError, match="nothing in .* was removed"):
        proxy_cache.purge(tmp_path)
    assert (tmp_path / PAGE).exists()
    assert (tmp_path / foreign).exists()


def test_no_link_leads_out_of_the_folder(tmp_path):
    outside, cache = tmp_path / "outside", tmp_path / "cache"
    outside.mkdir(), cache.mkdir()
    (outside / PAGE).write_bytes(b"kept")
    (cache / "a").symlink_to(outside)
    for folder in (cache, cache / "a", tmp_path / "none"):
        with pytest.raises(proxy_cache.NotACacheError):
            proxy_cache.purge(folder)
    assert (outside / PAGE).exists()


def test_a_page_that_nginx_removed_first_is_no_fault(tmp_path, monkeypatch):
    # The real race is too short to meet: the page goes between the look and the removal.
    (tmp_path / PAGE).write_bytes(b"page")
    seen = proxy_cache._pages(tmp_path, 0)
    (tmp_path / PAGE).unlink()
    monkeypatch.setattr(proxy_cache, "_pages", lambda *_asked: seen)
    assert proxy_cache.purge(tmp_path) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be two other people")
def test_the_sites_group_may_empty_the_folder_that_nginx_owns():
    """As docs/ops.md has it: the folder is nginx's, 2770, and of the group the site runs in."""
    nginxs, sites = 65_533, 65_532
    around = tempfile.TemporaryDirectory()  # not in pytest's own, which is for its user alone
    Path(around.name).chmod(0o755)
    cache = Path(around.name) / "cache"
    cache.mkdir()
    os.chown(cache, nginxs, sites)
    cache.chmod(0o2770)
    (cache / PAGE).write_bytes(b"page")
    (cache / PAGE).chmod(0o600)
    os.chown(cache / PAGE, nginxs, nginxs)
    mine = os.getgroups()
    try:
        os.setgroups([]), os.setegid(sites), os.seteuid(65_531)
        assert proxy_cache.purge(cache) == 1
    finally:
        os.seteuid(0), os.setegid(0), os.setgroups(mine)
        around.cleanup()
