"""An independent client of WeCom (wechatpy) against the practice campus: create, get, join QR, verify, invite, delete.

Its arguments: the campus's address, the corp's id, the contacts-sync secret, an app's secret. It fails at the first
answer that this client does not take for what WeCom says.
"""

import sys

import requests
from wechatpy.client.base import BaseWeChatClient
from wechatpy.exceptions import WeChatClientException
from wechatpy.work import WeChatClient

BASE, CORP, CONTACTS, APP = sys.argv[1:5]
CREATED, MOVED, NUMBER = "20269001", "20269002", "13900139001"


class Client(WeChatClient):
    API_BASE_URL = BASE + "/cgi-bin/"

    def fetch_access_token(self):
        # The library's own address is the real one; everything else is the library's.
        url = BASE + "/cgi-bin/gettoken"
        return self._fetch_access_token(url=url, params={"corpid": self.corp_id, "corpsecret": self.secret})


def client(secret):
    made = Client(CORP, secret, timeout=10)
    # A campus on loopback is asked directly, whatever proxy is set.
    made._http = requests.Session()
    made._http.trust_env = False
    return made


def refused(code, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except WeChatClientException as error:
        assert error.errcode == code, (call.__name__, error.errcode, code)
        assert str(error.errmsg), "an errmsg is always there"
        return
    raise AssertionError("%s was not refused with %d" % (call.__name__, code))


def main():
    contacts, app = client(CONTACTS), client(APP)

    created = contacts.user.create(CREATED, "张三", department=[2], mobile="+86 " + NUMBER, to_invite=False)
    assert created["errmsg"].startswith("created"), created
    refused(60102, contacts.user.create, CREATED.upper(), "李四", department=[2], mobile="13900139002")
    refused(60104, contacts.user.create, MOVED, "李四", department=[2], mobile=NUMBER)
    refused(60103, contacts.user.create, MOVED, "李四", department=[2], mobile="12345")
    refused(60123, contacts.user.create, MOVED, "李四", department=[99], mobile="13900139002")
    refused(60129, contacts.user.create, MOVED, "李四", department=[2])
    # An app's secret reads and does not write.
    refused(48002, app.user.create, MOVED, "李四", department=[2], mobile="13900139002")

    member = app.user.get(CREATED)
    assert member["userid"] == CREATED and member["name"] == "张三", member
    assert member["status"] == 4 and "mobile" not in member, member
    refused(60111, app.user.get, "nobody")
    refused(48002, contacts.user.get, CREATED)

    updated = contacts.user.update(CREATED, mobile="13900139003")
    assert updated["errcode"] == 0, updated
    refused(60111, contacts.user.update, "nobody", mobile="13900139004")

    refused(48002, app.user.get_join_qrcode)
    for size_type, pixels in [(None, None), (1, 171), (2, 399), (3, 741)]:
        address = contacts.user.get_join_qrcode(size_type)
        picture = contacts._http.get(address, timeout=10)
        picture.raise_for_status()
        assert picture.content.startswith(b"\x89PNG"), address
        width = int.from_bytes(picture.content[16:20], "big")
        assert pixels in (None, width), (size_type, width)

    assert contacts.user.verify(CREATED)["errcode"] == 0
    refused(60111, contacts.user.verify, "nobody")

    invited = contacts.batch.invite(user=[CREATED, "nobody"])
    assert invited["invaliduser"] == ["nobody"], invited

    # A revoked token is fetched again by the client itself, once.
    contacts.session.set(contacts.access_token_key, "taken-back", 7200)
    assert contacts.user.delete(CREATED)["errmsg"].startswith("deleted")
    refused(60111, contacts.user.delete, CREATED)
    refused(60111, app.user.get, CREATED)
    refused(301005, contacts.user.delete, "admin")
    assert isinstance(contacts, BaseWeChatClient)
    print("all of it")


if __name__ == "__main__":
    main()
