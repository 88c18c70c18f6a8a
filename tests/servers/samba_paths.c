/* Samba was built to find its modules and templates below /usr. Loaded before its own library, these take the place of
   what that has under these names: it finds them where scripts/servers unpacked it. */

#include <stdlib.h>

const char *dyn_SETUPDIR;

const char *get_dyn_MODULESDIR(void) { return getenv("SAMBA_MODULES"); }

__attribute__((constructor)) static void find(void) { dyn_SETUPDIR = getenv("SAMBA_SETUP"); }
