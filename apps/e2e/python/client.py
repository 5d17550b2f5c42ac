"""An OAuth client in another language: requests-oauthlib, as Debian packages it.

Usage: client.py BROKER CLIENT_ID CLIENT_SECRET REDIRECT_URI authorize
       client.py BROKER CLIENT_ID CLIENT_SECRET REDIRECT_URI redeem STATE CALLBACK_URL
Prints one JSON object.
"""

import json
import sys

from requests_oauthlib import OAuth2Session

broker, client_id, client_secret, redirect_uri, command = sys.argv[1:6]
token_url = f"{broker}/oauth/token"

if command == "authorize":
    session = OAuth2Session(client_id, redirect_uri=redirect_uri, scope=["lights"])
    url, state = session.authorization_url(f"{broker}/oauth/authorize")
    print(json.dumps({"authorize": url, "state": state}))
else:
    state, callback = sys.argv[6:8]
    session = OAuth2Session(client_id, redirect_uri=redirect_uri, scope=["lights"], state=state)
    first = session.fetch_token(token_url, authorization_response=callback, client_secret=client_secret)
    second = session.refresh_token(token_url, client_id=client_id, client_secret=client_secret)
    print(
        json.dumps(
            {
                "expires_in": second["expires_in"],
                "rotated": first["refresh_token"] != second["refresh_token"],
                "token_type": second["token_type"],
            }
        )
    )
