/* tests/support/toy_hedger.c - see toy_hedger.h. */
#include "tests/support/toy_hedger.h"

#include <math.h>
#include <stdlib.h>

enum { N_DATES = 5 };
static const double first_spot = 100.0;

typedef struct toy_session {
    double scale, highest; /* what it has seen of this life */
} toy_session;

static fel_status open_session(void *payload, void **session)
{
    (void)payload;
    *session = calloc(1, sizeof(toy_session));
    return *session != NULL ? FEL_OK : FEL_ERR_NOMEM;
}

static void restart(void *session, double scale)
{
    toy_session *self = session;
    self->scale = scale;
    self->highest = 0.0;
}

static fel_status decide(void *session, double variance, const double *prices, const double *held,
                         double *position)
{
    toy_session *self = session;
    (void)variance;
    self->highest = fmax(self->highest, prices[0]);
    position[0] = 0.6 / (1.0 + exp(-20.0 * (prices[0] / (first_spot * self->scale) - 1.0))) +
                  0.3 * prices[0] / self->highest - 0.01 * held[0];
    return FEL_OK;
}

static double spot(void *payload)
{
    (void)payload;
    return first_spot;
}

static const fel_hedger_service table = {.struct_size = sizeof(fel_hedger_service),
                                         .n_instruments = 1,
                                         .n_dates = N_DATES,
                                         .open = open_session,
                                         .close = free,
                                         .restart = restart,
                                         .decide = decide,
                                         .spot = spot};

const fel_service toy_hedger = {.name = FEL_HEDGER_SERVICE, .version = 1, .table = &table};
