"""How somebody comes into the desk in a browser: through the form, or signed in before."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import expect


def sign_in(page, site, email):
    """Sign in with the tests' one password; return the page, which shows My desk."""
    page.goto(f"{site}/admin/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill("pass")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="My desk", level=1)).to_be_visible()
    page.wait_for_load_state()
    return page


def come_back(context, site, who):
    """Give a browser the session of somebody who signed in before: no page of it is open yet."""
    client = Client()
    client.force_login(who)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])
