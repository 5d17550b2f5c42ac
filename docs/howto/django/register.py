"""Makes the tables, registers Alexa as a client, and adds an account: register.py [NAME], its password on standard input."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")

import django  # noqa: E402

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.contrib.auth.password_validation import validate_password  # noqa: E402
from django.core.management import call_command  # noqa: E402
from oauth2_provider.models import Application  # noqa: E402

HOSTS = ("pitangui.amazon.com", "layla.amazon.com", "alexa.amazon.co.jp")

call_command("migrate", verbosity=0)
vendor_id = os.environ["ALEXA_VENDOR_ID"]
Application.objects.update_or_create(
    client_id=os.environ["ALEXA_CLIENT_ID"],
    defaults={
        "name": "Alexa",
        "client_secret": os.environ["ALEXA_CLIENT_SECRET"],
        "client_type": Application.CLIENT_CONFIDENTIAL,
        "authorization_grant_type": Application.GRANT_AUTHORIZATION_CODE,
        "redirect_uris": " ".join(f"https://{host}/api/skill/link/{vendor_id}" for host in HOSTS),
        # Who signs in on this page wants to link; a page that asks again has to be made for a phone too.
        "skip_authorization": True,
    },
)
for name in sys.argv[1:]:
    password = sys.stdin.readline().rstrip("\n")
    validate_password(password)
    User.objects.create_user(name, password=password)
