"""django-allauth as an OpenID provider on loopback for the tests: python allauth_site.py DATABASE USER...

It has a public client "desk", without a secret, for the device grant: it takes no other there. The phone's pages are left out: /decide?user_code=&user=&agrees=
decides as they do. Prints "listening on PORT" once it answers; it ends when its standard input does.
"""

import os
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.http import HttpResponse
from django.urls import include, path

urlpatterns = []


def make_key():
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def configure(database):
    settings.configure(
        SECRET_KEY="for the tests alone",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="allauth_site",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database, "OPTIONS": {"timeout": 20}}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        USE_TZ=True,
        ACCOUNT_RATE_LIMITS=False,
        IDP_OIDC_PRIVATE_KEY=make_key(),
        IDP_OIDC_DEVICE_CODE_INTERVAL=1,
        IDP_OIDC_ADAPTER="allauth_site.Adapter",
    )


def fill(users):
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    desk = Client(id="desk", name="desk", type="public", scopes="openid\nprofile")
    desk.set_grant_types([Client.GrantType.DEVICE_CODE])
    desk.save()
    for user in users:
        User.objects.create_user(user, first_name="张三")


def decide(request):
    from allauth.idp.oidc.internal.oauthlib import device_codes
    from django.contrib.auth.models import User

    asked = request.GET
    device_code, _ = device_codes.validate_user_code(asked["user_code"])
    user = User.objects.get(username=asked["user"])
    device_codes.confirm_or_deny_device_code(user, device_code, confirm=asked["agrees"] == "yes")
    return HttpResponse("decided")


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main():
    global urlpatterns, Adapter
    database, *users = sys.argv[1:]
    server = make_server("127.0.0.1", 0, None, Threads, Quiet)
    configure(database)
    sys.modules["allauth_site"] = sys.modules["__main__"]
    django.setup()

    from allauth.idp.oidc.adapter import DefaultOIDCAdapter
    from django.core.wsgi import get_wsgi_application

    class Adapter(DefaultOIDCAdapter):
        def get_claims(self, purpose, user, client, scopes, **kwargs):
            claims = super().get_claims(purpose, user, client, scopes, **kwargs)
            return {**claims, "preferred_username": user.username, "name": user.first_name}

    urlpatterns = [
        path("decide", decide),
        path("", include("allauth.idp.urls")),
        path("accounts/", include("allauth.urls")),
    ]
    fill(users)
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("listening on", server.server_port, flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
