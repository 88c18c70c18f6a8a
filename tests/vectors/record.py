"""Records the requests that the vendors' own SDKs make, as test vectors: see scripts/vectors, which runs this.

Nothing leaves this machine: the SDKs talk to a server on loopback that keeps what it is sent. The keys are made up.
"""

import http.server
import json
import sys
import threading
from importlib.metadata import version

KEY_ID = "FAKEKEYID0123456789"
KEY = "fakekeysecret+/=0123456789abcdef"
NUMBER = "13900139001"
SIGN = "练习大学"
CODES = ["123456", "000000"]


class Capture(http.server.BaseHTTPRequestHandler):
    """Keeps each request and answers what the SDK in hand takes for a success."""

    kept = []
    answer = b"{}"

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        Capture.kept.append(
            {
                "method": self.command,
                "target": self.path,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "body": self.rfile.read(length).decode("utf-8"),
            }
        )
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(Capture.answer)))
        self.end_headers()
        self.wfile.write(Capture.answer)

    def log_message(self, *_):
        pass


def tencent(host):
    from tencentcloud.common import credential
    from tencentcloud.common.profile.client_profile import ClientProfile
    from tencentcloud.common.profile.http_profile import HttpProfile
    from tencentcloud.sms.v20210111 import models, sms_client

    http_profile = HttpProfile(protocol="http", endpoint=host)
    profile = ClientProfile(httpProfile=http_profile)
    client = sms_client.SmsClient(credential.Credential(KEY_ID, KEY), "ap-guangzhou", profile)
    Capture.answer = b'{"Response":{"RequestId":"1"}}'
    for code in CODES:
        request = models.SendSmsRequest()
        request.PhoneNumberSet = ["+86" + NUMBER]
        request.SmsSdkAppId = "1400000000"
        request.SignName = SIGN
        request.TemplateId = "100001"
        request.TemplateParamSet = [code]
        client.SendSms(request)
    request = models.PullSmsSendStatusByPhoneNumberRequest()
    request.BeginTime, request.EndTime, request.Offset, request.Limit = 1700000000, 1700000600, 0, 100
    request.PhoneNumber, request.SmsSdkAppId = "+86" + NUMBER, "1400000000"
    client.PullSmsSendStatusByPhoneNumber(request)
    request = models.SmsPackagesStatisticsRequest()
    request.SmsSdkAppId, request.Limit, request.Offset = "1400000000", 1, 0
    request.BeginTime, request.EndTime = "2024010100", "2024010200"
    client.SmsPackagesStatistics(request)
    return ["tencentcloud-sdk-python-sms", "tencentcloud-sdk-python-common"]


def aliyun(host):
    from alibabacloud_dysmsapi20170525.client import Client
    from alibabacloud_dysmsapi20170525 import models
    from alibabacloud_tea_openapi.utils_models import Config

    client = Client(
        Config(access_key_id=KEY_ID, access_key_secret=KEY, endpoint=host, protocol="HTTP", region_id="cn-hangzhou")
    )
    Capture.answer = b'{"Code":"OK","Message":"OK","RequestId":"1"}'
    for sign in [SIGN, "A sign ~*'()!/+"]:
        for code in CODES:
            client.send_sms(
                models.SendSmsRequest(
                    phone_numbers=NUMBER,
                    sign_name=sign,
                    template_code="SMS_100001",
                    template_param=json.dumps({"code": code}, separators=(",", ":")),
                )
            )
    client.query_send_details(
        models.QuerySendDetailsRequest(
            biz_id="900619746936498440^0", current_page=1, page_size=1, phone_number=NUMBER, send_date="20240102"
        )
    )
    client.query_sms_template(models.QuerySmsTemplateRequest(template_code="SMS_100001"))
    return ["alibabacloud_dysmsapi20170525", "alibabacloud-tea-openapi"]


def main(folder):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Capture)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = "127.0.0.1:%d" % server.server_address[1]
    for name, call in [("tencent", tencent), ("aliyun", aliyun)]:
        Capture.kept = []
        packages = call(host)
        made = {
            "made": "recorded by tests/vectors/record.py (scripts/vectors) from "
            + ", ".join("%s %s" % (package, version(package)) for package in packages),
            "key_id": KEY_ID,
            "key": KEY,
            "requests": Capture.kept,
        }
        with open("%s/%s.json" % (folder, name), "w", encoding="utf-8") as file:
            json.dump(made, file, ensure_ascii=False, indent=1)
            file.write("\n")
    server.shutdown()


if __name__ == "__main__":
    main(sys.argv[1])
