"""Serves http://127.0.0.1:PORT for the proxy in front, the only one who reaches this port."""

import os
import re

import waitress
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")


class KeepPlus:
    """A state may hold a '+' that is not encoded, and everything behind would read it as a space."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        plus = lambda found: found[0].replace("+", "%2B")  # noqa: E731
        environ["QUERY_STRING"] = re.sub(r"(?:^|&)state=[^&]*", plus, environ.get("QUERY_STRING", ""))
        return self.app(environ, start_response)


if __name__ == "__main__":
    port = int(os.environ["PORT"])
    # One thread, because SQLite has one writer. Waitress reads requests and sends answers beside it.
    waitress.serve(KeepPlus(get_wsgi_application()), host="127.0.0.1", port=port, threads=1, ident=None)
