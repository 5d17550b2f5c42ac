from django.conf import settings
from django.http import JsonResponse
from oauth2_provider.exceptions import OAuthToolkitError
from oauth2_provider.views import AuthorizationView


class AlexaAuthorizationView(AuthorizationView):
    """Looks at the request before it asks anybody to sign in."""

    def dispatch(self, request, *args, **kwargs):
        try:
            self.validate_authorization_request(request)
        except OAuthToolkitError as error:
            return self.error_response(error, application=None)
        return super().dispatch(request, *args, **kwargs)


def metadata(_request):
    """RFC 8414."""
    url = settings.PUBLIC_URL
    return JsonResponse(
        {
            "issuer": url,
            "authorization_endpoint": f"{url}/oauth/authorize/",
            "token_endpoint": f"{url}/oauth/token/",
            "introspection_endpoint": f"{url}/oauth/introspect/",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
        }
    )
