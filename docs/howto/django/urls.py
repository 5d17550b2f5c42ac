from django.contrib.auth.views import LoginView
from django.urls import path
from oauth2_provider.views import IntrospectTokenView, RevokeTokenView, TokenView

from views import AlexaAuthorizationView, metadata

# What Alexa and the skill need, and none of the toolkit's pages for managing applications.
urlpatterns = [
    path("oauth/authorize/", AlexaAuthorizationView.as_view()),
    path("oauth/token/", TokenView.as_view()),
    path("oauth/introspect/", IntrospectTokenView.as_view()),
    path("oauth/revoke/", RevokeTokenView.as_view()),
    path(".well-known/oauth-authorization-server", metadata),
    path("sign-in/", LoginView.as_view()),
]
