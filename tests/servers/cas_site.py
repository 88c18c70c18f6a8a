"""A CAS server on loopback for the tests: python cas_site.py MAKE DATABASE SERVICE USER=PASSWORD...

MAKE is cas_server (django-cas-server) or mama_cas (django-mama-cas), which also has "20260011", a user who is not active.
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


def configure(make, database, service):
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
            make,
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
        MAMA_CAS_SERVICES=[{"SERVICE": "^" + service + "$", "CALLBACKS": ["cas_site.name_of"]}],
        # The other one says of nobody that the account is not active.
        AUTHENTICATION_BACKENDS=[
            "django.contrib.auth.backends." + ("ModelBackend" if make == "cas_server" else "AllowAllUsersModelBackend")
        ],
    )


def name_of(user, service):
    return {"name": user.first_name}


def fill(make, service, users):
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    if make == "cas_server":
        from cas_server.models import ReplaceAttributName, ServicePattern

        pattern = ServicePattern.objects.create(pos=0, name="desk", pattern="^" + service + "$")
        ReplaceAttributName.objects.create(name="first_name", replace="name", service_pattern=pattern)
    else:
        User.objects.create_user("20260011", password="practice-0001", is_active=False)
    for user in users:
        name, _, password = user.partition("=")
        User.objects.create_user(name, password=password, first_name="张三")


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main():
    make, database, service, *users = sys.argv[1:]
    configure(make, database, service)
    sys.modules["cas_site"] = sys.modules["__main__"]
    django.setup()
    global urlpatterns
    urls = include("cas_server.urls", namespace="cas_server") if make == "cas_server" else include("mama_cas.urls")
    urlpatterns = [path("cas/", urls)]
    fill(make, service, users)
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), Threads, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("listening on", server.server_port, flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
