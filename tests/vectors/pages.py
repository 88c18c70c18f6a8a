"""Writes pages.json: what the scripts of login pages make of a password, by an implementation of its own.

DES is written out here from the tables of FIPS 46-3, RSA is Python's pow(), AES is the openssl command's. The order in which
`strEnc` of the public des.js takes the bits of a key was checked against a public recorded request. Made-up passwords and
keys. Run by scripts/vectors.
"""

import base64
import json
import subprocess
import sys

IP=[58,50,42,34,26,18,10,2,60,52,44,36,28,20,12,4,62,54,46,38,30,22,14,6,64,56,48,40,32,24,16,8,57,49,41,33,25,17,9,1,59,51,43,35,27,19,11,3,61,53,45,37,29,21,13,5,63,55,47,39,31,23,15,7]
E=[32,1,2,3,4,5,4,5,6,7,8,9,8,9,10,11,12,13,12,13,14,15,16,17,16,17,18,19,20,21,20,21,22,23,24,25,24,25,26,27,28,29,28,29,30,31,32,1]
P=[16,7,20,21,29,12,28,17,1,15,23,26,5,18,31,10,2,8,24,14,32,27,3,9,19,13,30,6,22,11,4,25]
PC2=[14,17,11,24,1,5,3,28,15,6,21,10,23,19,12,4,26,8,16,7,27,20,13,2,41,52,31,37,47,55,30,40,51,45,33,48,44,49,39,56,34,53,46,42,50,36,29,32]
PC1=[57,49,41,33,25,17,9,1,58,50,42,34,26,18,10,2,59,51,43,35,27,19,11,3,60,52,44,36,63,55,47,39,31,23,15,7,62,54,46,38,30,22,14,6,61,53,45,37,29,21,13,5,28,20,12,4]
SCRIPT = [8*(7-j)+i+1 for i in range(7) for j in range(8)]
SH=[1,1,2,2,2,2,2,2,1,2,2,2,2,2,2,1]
BOX="""14 4 13 1 2 15 11 8 3 10 6 12 5 9 0 7 0 15 7 4 14 2 13 1 10 6 12 11 9 5 3 8 4 1 14 8 13 6 2 11 15 12 9 7 3 10 5 0 15 12 8 2 4 9 1 7 5 11 3 14 10 0 6 13
15 1 8 14 6 11 3 4 9 7 2 13 12 0 5 10 3 13 4 7 15 2 8 14 12 0 1 10 6 9 11 5 0 14 7 11 10 4 13 1 5 8 12 6 9 3 2 15 13 8 10 1 3 15 4 2 11 6 7 12 0 5 14 9
10 0 9 14 6 3 15 5 1 13 12 7 11 4 2 8 13 7 0 9 3 4 6 10 2 8 5 14 12 11 15 1 13 6 4 9 8 15 3 0 11 1 2 12 5 10 14 7 1 10 13 0 6 9 8 7 4 15 14 3 11 5 2 12
7 13 14 3 0 6 9 10 1 2 8 5 11 12 4 15 13 8 11 5 6 15 0 3 4 7 2 12 1 10 14 9 10 6 9 0 12 11 7 13 15 1 3 14 5 2 8 4 3 15 0 6 10 1 13 8 9 4 5 11 12 7 2 14
2 12 4 1 7 10 11 6 8 5 3 15 13 0 14 9 14 11 2 12 4 7 13 1 5 0 15 10 3 9 8 6 4 2 1 11 10 13 7 8 15 9 12 5 6 3 0 14 11 8 12 7 1 14 2 13 6 15 0 9 10 4 5 3
12 1 10 15 9 2 6 8 0 13 3 4 14 7 5 11 10 15 4 2 7 12 9 5 6 1 13 14 0 11 3 8 9 14 15 5 2 8 12 3 7 0 4 10 1 13 11 6 4 3 2 12 9 5 15 10 11 14 1 7 6 0 8 13
4 11 2 14 15 0 8 13 3 12 9 7 5 10 6 1 13 0 11 7 4 9 1 10 14 3 5 12 2 15 8 6 1 4 11 13 12 3 7 14 10 15 6 8 0 5 9 2 6 11 13 8 1 4 10 7 9 5 0 15 14 2 3 12
13 2 8 4 6 15 11 1 10 9 3 14 5 0 12 7 1 15 13 8 10 3 7 4 12 5 6 11 0 14 9 2 7 11 4 1 9 12 14 2 0 6 10 13 15 3 5 8 2 1 14 7 4 10 8 13 15 12 9 0 3 5 6 11"""
S=[[int(x) for x in l.split()] for l in BOX.split("\n")]
def bits(n,w): return [(n>>(w-1-i))&1 for i in range(w)]
def num(b): return int("".join(map(str,b)),2)
def keys(k,pc1):
    kb=bits(k,64); cd=[kb[p-1] for p in pc1]; c,d=cd[:28],cd[28:]; out=[]
    for s in SH:
        c,d=c[s:]+c[:s],d[s:]+d[:s]; out.append([(c+d)[p-1] for p in PC2])
    return out
def des(block,k,pc1):
    b=bits(block,64); b=[b[p-1] for p in IP]; l,r=b[:32],b[32:]
    for rk in keys(k,pc1):
        x=[r[p-1]^rk[i] for i,p in enumerate(E)]; o=[]
        for i in range(8):
            v=x[6*i:6*i+6]; o+=bits(S[i][(v[0]*2+v[5])*16+num(v[1:5])],4)
        l,r=r,[l[i]^o[P[i]-1] for i in range(32)]
    f=r+l; inv=[0]*64
    for i,p in enumerate(IP): inv[p-1]=f[i]
    return num(inv)
def units(t):
    b=t.encode("utf-16-be"); return [int.from_bytes(b[i:i+8].ljust(8,b"\0"),"big") for i in range(0,len(b),8)]
def strenc(data,*ks):
    out=""
    for blk in units(data):
        for k in ks:
            for kk in units(k): blk=des(blk,kk,SCRIPT)
        out+="%016X"%blk
    return out


def rsa(modulus, exponent, password):
    """RSAUtils.encryptedString of the reversed password, with the bytes of UTF-8."""
    n, e = int(modulus, 16), int(exponent, 16)
    digits = -(-n.bit_length() // 16)
    size = 2 * (digits - 1)
    turned = password.encode()[::-1]
    parts = [turned[i : i + size] for i in range(0, len(turned), size)]
    return " ".join(f"{pow(int.from_bytes(part, 'little'), e, n):0{4 * digits}x}" for part in parts)


def padded(text, size):
    left = size - len(text) % size
    return text + bytes([left]) * left


def croypto(key, text):
    text = text.encode()
    if len(key) == 8:
        text = padded(text, 8)
        blocks = [int.from_bytes(text[i : i + 8], "big") for i in range(0, len(text), 8)]
        sealed = b"".join(des(block, int.from_bytes(key, "big"), PC1).to_bytes(8, "big") for block in blocks)
    else:
        line = ["openssl", "enc", f"-aes-{8 * len(key)}-ecb", "-K", key.hex(), "-nosalt"]
        sealed = subprocess.run(line, input=text, capture_output=True, check=True).stdout
    return base64.b64encode(sealed).decode()


def main(folder):
    # The example of Grabbe, "The DES Algorithm Illustrated".
    assert des(0x0123456789ABCDEF, 0x133457799BBCDFF1, PC1) == 0x85E813540F0AB405
    passwords = ["practice-0001", "a", "Aa1!@#$%^&*()_+ \\\"'", "密码-パス-ñ-0002", "x" * 300]
    moduli = [
        "b5" + "7f3c19d2e84a60" * 9 + "01",
        "c3" + "5ad81e97b2f4063c" * 15 + "0f1d2b3a495867",
        "8f" + "c2e1a7" * 85,
    ]
    made = {
        "rsa": [
            {"modulus": m, "exponent": "10001", "password": p, "sealed": rsa(m, "10001", p)} for m in moduli for p in passwords
        ],
        "str_enc": [
            {"text": t, "keys": k, "sealed": strenc(t, *k)}
            for k in (["1", "2", "3"], ["a longer key", "x"])
            for t in ["20260001" + p + "LT-471811-abcDEF-tpass" for p in passwords] + ["abc", "四个汉字"]
        ],
        "croypto": [
            {"key": base64.b64encode(k).decode(), "text": t, "sealed": croypto(k, t)}
            for k in (b"\x01\x23\x45\x67\x89\xab\xcd\xef", bytes(range(16)), bytes(range(24)), bytes(range(32)))
            for t in passwords + ["{}", "12345678", ""]
        ],
    }
    # What the models of the tests compare with: tests/it/support/passwords.rs has the passwords.
    known = {
        "20260001": "practice-0001",
        "20260002": "密码 ключ 🔑 &=+%\"'\\",
        "20260003": "长p" * 128,
        "20260004": "another",
        "20260005": "practice-0001",
        "20260006": "another",
    } | {str(user): "practice-0001" for user in range(20260011, 20260020)}
    key = bytes.fromhex("0123456789abcdef")
    made["models"] = {
        "modulus": moduli[1],
        "exponent": "10001",
        "ticket": "LT-1-model-tpass",
        "key": base64.b64encode(key).decode(),
        "users": [
            {
                "user": user,
                "rsa": rsa(moduli[1], "10001", password),
                "str_enc": strenc(user + password + "LT-1-model-tpass", "1", "2", "3"),
                "croypto": croypto(key, password),
            }
            for user, password in known.items()
        ],
    }
    with open(f"{folder}/pages.json", "w", encoding="utf-8") as file:
        json.dump(made, file, ensure_ascii=False, indent=1)
        file.write("\n")


main(sys.argv[1])
