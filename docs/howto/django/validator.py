from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from oauth2_provider.models import get_access_token_model
from oauth2_provider.oauth2_validators import OAuth2Validator


class AlexaValidator(OAuth2Validator):
    """The toolkit's rules, with two changes."""

    def validate_redirect_uri(self, client_id, redirect_uri, request, *args, **kwargs):
        """Letter by letter. The toolkit lets an address pass that has more in its query than the registered one."""
        return redirect_uri in request.client.redirect_uris.split()

    def save_bearer_token(self, token, request, *args, **kwargs):
        """A refresh adds an access token. The toolkit replaces the one before, which directives under way carry."""
        if request.grant_type != "refresh_token":
            return super().save_bearer_token(token, request, *args, **kwargs)
        lifetime = settings.OAUTH2_PROVIDER["ACCESS_TOKEN_EXPIRE_SECONDS"]
        get_access_token_model().objects.create(
            user=request.user,
            application=request.client,
            scope=token["scope"],
            token=token["access_token"],
            expires=timezone.now() + timedelta(seconds=lifetime),
        )
