"""django-oauth-toolkit on loopback for the tests: python oauth_site.py DATABASE SECRET USER=PASSWORD...

It has two clients with that secret, "desk" for the device grant and "words" for the password grant, and a user "locked" who
is not active. Prints "listening on PORT" once it answers; it ends when its standard input does.
"""

import os
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings
from django.urls import include, path

urlpatterns = []

LOGIN = "<form method=post>{% csrf_token %}{{ form }}<button>login</button></form>"


def make_key():
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def configure(database, port):
    settings.configure(
        SECRET_KEY="for the tests alone",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="oauth_site",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ],
                    "loaders": [
                        ("django.template.loaders.locmem.Loader", {"registration/login.html": LOGIN}),
                        "django.template.loaders.app_directories.Loader",
                    ],
                },
            }
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database, "OPTIONS": {"timeout": 20}}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        # Quick ones: the tests measure the kiosk, not a hash.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        LOGIN_URL="/accounts/login/",
        USE_TZ=True,
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": make_key(),
            "OAUTH2_VALIDATOR_CLASS": "oauth_site.Validator",
            "SCOPES": {"openid": "who you are", "profile": "your name"},
            "OAUTH_DEVICE_VERIFICATION_URI": f"http://127.0.0.1:{port}/o/device/",
            "OAUTH_DEVICE_VERIFICATION_URI_COMPLETE": (
                lambda user_code: f"http://127.0.0.1:{port}/o/device/?user_code={user_code}"
            ),
            "DEVICE_FLOW_INTERVAL": 1,
        },
    )


def fill(secret, users):
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from oauth2_provider.models import Application

    call_command("migrate", verbosity=0)
    for name, grant in [("desk", Application.GRANT_DEVICE_CODE), ("words", Application.GRANT_PASSWORD)]:
        Application.objects.create(
            name=name,
            client_id=name,
            client_secret=secret,
            client_type=Application.CLIENT_CONFIDENTIAL,
            authorization_grant_type=grant,
            algorithm=Application.RS256_ALGORITHM,
        )
    for user in users:
        name, _, password = user.partition("=")
        User.objects.create_user(name, password=password, first_name="张三")
    User.objects.create_user("locked", password="locked", is_active=False)


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main():
    global urlpatterns, Validator
    database, secret, *users = sys.argv[1:]
    server = make_server("127.0.0.1", 0, None, Threads, Quiet)
    configure(database, server.server_port)
    sys.modules["oauth_site"] = sys.modules["__main__"]
    django.setup()

    from django.contrib.auth.views import LoginView
    from django.core.wsgi import get_wsgi_application
    from oauth2_provider.oauth2_validators import OAuth2Validator

    class Validator(OAuth2Validator):
        def get_additional_claims(self, request):
            return {"preferred_username": request.user.username, "name": request.user.first_name}

    urlpatterns = [
        path("accounts/login/", LoginView.as_view()),
        path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    ]
    fill(secret, users)
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("listening on", server.server_port, flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
