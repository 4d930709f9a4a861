/* sim/american_internal.h - one American option under Black-Scholes, and the approximations. */
#ifndef FEL_MODULE_SIM
#error "sim/american_internal.h belongs to sim/"
#endif
#ifndef FEL_SIM_AMERICAN_INTERNAL_H
#define FEL_SIM_AMERICAN_INTERNAL_H

#include <feller/price.h>

/* Arguments are checked; t, vol > 0, and early exercise may pay: dividend > 0 for a call, rate > 0
 * for a put. */
typedef struct american_option {
    fel_option_right right;
    int32_t reserved;
    double spot, strike, t, rate, dividend, vol;
} american_option;

double european_value(const american_option *option, double spot);
double american_barone_adesi_whaley(const american_option *option);
double american_bjerksund_stensland(const american_option *option);

#endif
