"""django-cas-server on loopback for the tests: python cas_site.py DATABASE SERVICE USER=PASSWORD...

Prints "listening on PORT" once it answers; it ends when its standard input does.
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


def configure(database):
    settings.configure(
        SECRET_KEY="for the tests alone",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="cas_site",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "cas_server",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": database, "OPTIONS": {"timeout": 20}}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        # Quick ones: the tests measure the kiosk, not a hash.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STATIC_URL="/static/",
        USE_TZ=True,
        CAS_AUTH_CLASS="cas_server.auth.DjangoAuthUser",
    )


def fill(service, users):
    from cas_server.models import ReplaceAttributName, ServicePattern
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    pattern = ServicePattern.objects.create(pos=0, name="desk", pattern="^" + service + "$")
    ReplaceAttributName.objects.create(name="first_name", replace="name", service_pattern=pattern)
    for user in users:
        name, _, password = user.partition("=")
        User.objects.create_user(name, password=password, first_name="张三")


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main():
    database, service, *users = sys.argv[1:]
    configure(database)
    sys.modules["cas_site"] = sys.modules["__main__"]
    django.setup()
    global urlpatterns
    urlpatterns = [path("cas/", include("cas_server.urls", namespace="cas_server"))]
    fill(service, users)
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), Threads, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("listening on", server.server_port, flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
