/* sim/payoff_asian_internal.h - the geometric average of an arithmetic one's paths, its control
 * variate. */
#ifndef FEL_MODULE_SIM
#error "sim/payoff_asian_internal.h belongs to sim/"
#endif
#ifndef FEL_SIM_PAYOFF_ASIAN_INTERNAL_H
#define FEL_SIM_PAYOFF_ASIAN_INTERNAL_H

#include "sim/payoff_internal.h"

/* Both for a job of either kind of asian: the same option on the geometric average, and under gbm
 * its mean on exactly these dates with these weights. */
fel_status asian_geometric_value(const payoff_chunk *chunk, double *out);
double asian_geometric_mean(const payoff_job *job);

#endif
