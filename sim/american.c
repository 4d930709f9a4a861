/* sim/american.c - American options: when early exercise never pays, and which approximation. */
#include <math.h>

#include "sim/american_internal.h"
#include "sim/black_internal.h"

double european_value(const american_option *option, double spot)
{
    const double forward = spot * exp((option->rate - option->dividend) * option->t);
    return fel_black(option->right, forward, option->strike, option->t, option->vol,
                     exp(-option->rate * option->t));
}

/* Exercising gains the yield on what is received and loses that on what is given. With a gain of 0
 * or less it never pays, unless the loss is negative still more: then there are two boundaries. */
static fel_status never_exercised(const american_option *option, int *never)
{
    const int is_call = option->right == FEL_CALL;
    const double gain = is_call ? option->dividend : option->rate;
    const double other = is_call ? option->rate : option->dividend;
    *never = !(gain > 0.0) || !(option->t > 0.0) || !(option->vol > 0.0);
    if (!(gain > 0.0) && other < gain) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "rate_per_year %g, dividend_per_year %g: an American %s is then exercised "
                         "between two boundaries, which the approximations have not",
                         option->rate, option->dividend, is_call ? "call" : "put");
    }
    return FEL_OK;
}

fel_status fel_price_american(fel_american_method method, fel_option_right right, double spot,
                              double strike, double t_years, double rate_per_year,
                              double dividend_per_year, double vol_per_year, double *price)
{
    static double (*const methods[])(const american_option *) = {american_barone_adesi_whaley,
                                                                 american_bjerksund_stensland};
    const american_option option = {
        right, 0, spot, strike, t_years, rate_per_year, dividend_per_year, vol_per_year};
    fel_greeks european;
    int never = 0;
    if ((unsigned)method >= sizeof(methods) / sizeof(methods[0])) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "method %d: must be %d (Barone-Adesi, Whaley) or %d "
                         "(Bjerksund, Stensland)",
                         (int)method, (int)FEL_AMERICAN_BARONE_ADESI_WHALEY,
                         (int)FEL_AMERICAN_BJERKSUND_STENSLAND);
    }
    FEL_TRY(fel_black_scholes(right, spot, strike, t_years, rate_per_year, dividend_per_year,
                              vol_per_year, &european));
    FEL_TRY(never_exercised(&option, &never));
    const double inside = fmax(right == FEL_CALL ? spot - strike : strike - spot, 0.0);
    double value = fmax(european.price, inside);
    if (never) {
        value = t_years > 0.0 && vol_per_year > 0.0 ? european.price : value;
    } else {
        value = fmax(value, methods[method](&option));
    }
    *price = value;
    return FEL_OK;
}
