/* core/gslquiet.c - turns GSL's aborting error handler off, once for the process. */
#include "core/gslquiet.h"

#include <gsl/gsl_errno.h>
#include <pthread.h>

static pthread_once_t quiet_once = PTHREAD_ONCE_INIT;

static void turn_off(void)
{
    (void)gsl_set_error_handler_off();
}

void gsl_quiet(void)
{
    (void)pthread_once(&quiet_once, turn_off);
}
