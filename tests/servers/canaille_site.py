"""Canaille, an issuer made with Authlib, on loopback for the tests: python canaille_site.py SECRET USER=PASSWORD...

It has a client "words" with that secret for the password grant. Prints "listening on PORT" once it answers; it ends when its
standard input does.
"""

import datetime
import logging
import os
import sys
import threading
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from canaille import create_app
from joserfc.jwk import RSAKey


def fill(app, secret, users):
    from canaille.app import models
    from canaille.backends import Backend

    with app.app_context(), Backend.instance.session():
        now = datetime.datetime.now(datetime.timezone.utc)
        client = models.Client(
            client_id="words",
            client_secret=secret,
            client_name="desk",
            client_id_issued_at=now,
            token_endpoint_auth_method="client_secret_basic",
            grant_types=["password"],
            response_types=[],
            redirect_uris=["https://desk.example/"],
            scope=["openid", "profile"],
        )
        Backend.instance.save(client)
        client.audience = [client]
        Backend.instance.save(client)
        for user in users:
            name, _, password = user.partition("=")
            Backend.instance.save(
                models.User(
                    user_name=name, password=password, family_name="张三", formatted_name="张三", emails=[f"{name}@x.example"]
                )
            )
        gone = now - datetime.timedelta(days=1)
        Backend.instance.save(
            models.User(user_name="locked", password="locked", family_name="张三", emails=["l@x.example"], lock_date=gone)
        )


class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main():
    secret, *users = sys.argv[1:]
    server = make_server("127.0.0.1", 0, None, Threads, Quiet)
    logging.disable(logging.CRITICAL)
    key = RSAKey.generate_key(2048, auto_kid=True).as_dict(private=True)
    app = create_app(
        {
            "SECRET_KEY": "for the tests alone",
            "SERVER_NAME": f"127.0.0.1:{server.server_port}",
            "PREFERRED_URL_SCHEME": "http",
            "CANAILLE": {"DATABASE": "memory"},
            "CANAILLE_OIDC": {"ACTIVE_JWKS": [key]},
        }
    )
    fill(app, secret, users)
    server.set_app(app)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("listening on", server.server_port, flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
