/* sim/chain_check.c - what a quote shows to be junk by itself, and which of the rest are asked for.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/chain_internal.h"

static const double vol_rounding = 5e-5; /* half a unit of a volatility's fourth place */
static const double price_slack = 1e-6;  /* of the forward: prices without bid and ask */

/* ---- before the forward is known ------------------------------------------------------------- */

static void take_price(chain_quote *q)
{
    q->is_vol = 0;
    if (!isnan(q->bid) && !isnan(q->ask)) {
        q->price = 0.5 * (q->bid + q->ask);
    } else if (isnan(q->price)) {
        q->is_vol = !isnan(q->vol);
    }
}

static void check_price(chain_quote *q)
{
    if (q->is_vol) {
        q->price = (double)NAN;
        if (!(q->vol > 0.0)) {
            chain_refuse(q, FEL_FAULT_NO_PRICE, "vol %g is not above 0", q->vol);
        }
        return;
    }
    if (isnan(q->price)) {
        chain_refuse(q, FEL_FAULT_NO_PRICE, "no bid and ask, no price, no vol");
    } else if (!(q->price > 0.0) || !isfinite(q->price)) {
        chain_refuse(q, FEL_FAULT_NO_PRICE, "price %g is not above 0", q->price);
    }
}

static void check_sides(chain_quote *q, const fel_chain_options *options)
{
    if (q->bid > q->ask) {
        chain_refuse(q, FEL_FAULT_CROSSED, "bid %g is above ask %g", q->bid, q->ask);
    } else if (q->bid < 0.0) {
        chain_refuse(q, FEL_FAULT_NO_PRICE, "bid %g is below 0", q->bid);
    } else if (q->bid == 0.0 && !options->keep_zero_bid) {
        chain_refuse(q, FEL_FAULT_ZERO_BID, "bid is 0, ask %g", q->ask);
    }
}

static void check_terms(chain_quote *q)
{
    if (!(q->strike > 0.0) || !isfinite(q->strike)) {
        chain_refuse(q, FEL_FAULT_NO_PRICE, "strike %g is not above 0", q->strike);
    } else if (isnan(q->t_years) || isinf(q->t_years)) {
        chain_refuse(q, FEL_FAULT_NO_PRICE, "no maturity");
    } else if (q->t_years <= 0.0) {
        chain_refuse(q, FEL_FAULT_EXPIRED, "maturity is %g days after the quote date, not later",
                     365.0 * q->t_years);
    }
}

/* Which of two quotes of one option counts less. */
static chain_quote *worse_of(chain_quote *a, chain_quote *b)
{
    const double spread_a = a->ask - a->bid, spread_b = b->ask - b->bid;
    if (spread_a < spread_b) {
        return b;
    }
    return spread_b < spread_a ? a : a->row > b->row ? a : b;
}

/* In order of strike, then calls before puts: twins are neighbours but for refused ones. */
static void check_twins(chain_quote *quotes, size_t n)
{
    chain_quote *last = NULL;
    for (size_t i = 0; i < n; i++) {
        chain_quote *q = &quotes[i];
        if (q->fault != FEL_FAULT_NONE) {
            continue;
        }
        if (last == NULL || last->strike != q->strike || last->right != q->right) {
            last = q;
            continue;
        }
        chain_quote *worse = worse_of(last, q);
        last = worse == q ? last : q;
        chain_refuse(worse, FEL_FAULT_DUPLICATE, "strike %g is quoted in row %d too", worse->strike,
                     last->row);
    }
}

void chain_check_quotes(chain_quote *quotes, size_t n, const fel_chain_options *options)
{
    for (size_t i = 0; i < n; i++) {
        chain_quote *q = &quotes[i];
        take_price(q);
        q->is_vol = q->is_vol || (options->prefer_vol && q->vol > 0.0);
        check_terms(q);
        check_sides(q, options);
        check_price(q);
    }
    check_twins(quotes, n);
}

/* ---- with the forward ------------------------------------------------------------------------ */

static void price_by_vol(chain_quote *q)
{
    const fel_option_right right = (fel_option_right)q->right;
    const double t = q->t_years, less = fmax(q->vol - vol_rounding, 0.0);
    q->price = fel_black(right, q->forward, q->strike, t, q->vol, q->discount);
    q->low = fel_black(right, q->forward, q->strike, t, less, q->discount);
    q->high = fel_black(right, q->forward, q->strike, t, q->vol + vol_rounding, q->discount);
    q->low = q->bid < q->low ? q->bid : q->low;
    q->high = q->ask > q->high ? q->ask : q->high;
    if (!(q->price > 0.0)) {
        chain_refuse(q, FEL_FAULT_NO_PRICE, "vol %g gives no price at this strike", q->vol);
    }
}

static void check_bounds(chain_quote *q)
{
    const double sign = (double)q->right;
    const double least = q->discount * fmax(sign * (q->forward - q->strike), 0.0);
    const double most = q->discount * (q->right == FEL_CALL ? q->forward : q->strike);
    if (!(q->price > least)) {
        chain_refuse(q, FEL_FAULT_ARBITRAGE, "price %g is not above the intrinsic value %.6g",
                     q->price, least);
    } else if (!(q->price < most)) {
        chain_refuse(q, FEL_FAULT_ARBITRAGE, "price %g is not below the bound %.6g", q->price,
                     most);
    }
}

static void vol_by_price(chain_quote *q)
{
    const double slack = price_slack * q->forward * q->discount;
    const int has_sides = q->bid <= q->ask;
    q->low = has_sides ? q->bid : q->price - slack;
    q->high = has_sides ? q->ask : q->price + slack;
    check_bounds(q);
    if (q->fault == FEL_FAULT_NONE &&
        fel_implied_vol((fel_option_right)q->right, q->price, q->forward, q->strike, q->t_years,
                        q->discount, &q->vol) != FEL_OK) {
        chain_refuse(q, FEL_FAULT_ARBITRAGE, "%.110s", fel_last_error()->message);
    }
}

void chain_check_prices(chain_quote *quotes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        chain_quote *q = &quotes[i];
        if (q->right == 0) {
            q->right = q->strike < q->forward ? FEL_PUT : FEL_CALL;
        }
        if (q->fault != FEL_FAULT_NONE) {
            continue;
        }
        if (q->is_vol) {
            price_by_vol(q);
        } else {
            vol_by_price(q);
        }
    }
}

static void exclude_outside(chain_quote *q, const char *what, double value, double least,
                            double most)
{
    if (value < least || value > most) {
        chain_refuse(q, FEL_FAULT_EXCLUDED, "%s %.6g is outside the asked %g .. %g", what, value,
                     least, most);
    }
}

void chain_exclude(chain_quote *quotes, size_t n, const fel_chain_options *options)
{
    for (size_t i = 0; i < n; i++) {
        chain_quote *q = &quotes[i];
        const int is_otm = q->right == FEL_CALL ? q->strike >= q->forward : q->strike < q->forward;
        exclude_outside(q, "maturity in years", q->t_years, options->min_t_years,
                        options->max_t_years);
        exclude_outside(q, "strike / forward", q->strike / q->forward, options->min_moneyness,
                        options->max_moneyness);
        exclude_outside(q, "vol", q->vol, options->min_vol_per_year, options->max_vol_per_year);
        if (options->otm_only && !is_otm) {
            chain_refuse(q, FEL_FAULT_EXCLUDED, "in the money: strike %g, forward %.6g", q->strike,
                         q->forward);
        }
    }
}
