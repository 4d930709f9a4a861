/* core/version.c - what fel_version says. */
#include "core/version.h"

#include <feller/base.h>

const char *fel_version(void)
{
    return FEL_VERSION;
}
