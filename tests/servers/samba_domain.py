"""Makes the domain of Active Directory that the tests copy: samba_run ROOT /usr/bin/python3 samba_domain.py FOLDER

What a domain controller needs to answer LDAP is then in FOLDER/private. Its passwords are random and told to nobody.
"""

import logging
import sys

from samba.auth import system_session
from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
from samba.provision import provision

provision(
    logging.getLogger("provision"),
    system_session(),
    targetdir=sys.argv[1],
    realm="CAMPUS.TEST",
    domain="CAMPUS",
    hostname="dc",
    hostip="127.0.0.1",
    serverrole="active directory domain controller",
    dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2,
    dns_backend="NONE",
)
