/* reports/report_costs.c - the cost waterfall as rows that add up, exactly and as printed.
 *
 * Each row is rounded to the currency's smallest unit; where the rounded rows then miss the rounded
 * net by a few units, the rows that rounding moved furthest the wrong way give one each (the method
 * of largest remainders). If the exact rows do not add up, nothing is moved and the difference is
 * shown. */
#include <math.h>
#include <stdio.h>

#include "core/core.h"
#include "reports/report_model_internal.h"

enum { N_PARTS = N_WATERFALL_ROWS - 1 };

static void put_row(fel_report *r, size_t k, const char *key, const char *label, fel_money amount)
{
    r->costs[k].key = key;
    r->costs[k].label = label;
    r->costs[k].amount = amount;
}

static void put_rows(fel_report *r)
{
    const fel_waterfall *w = &r->result.waterfall;
    put_row(r, 0, "gross", "Gross (at arrival prices)", w->gross);
    put_row(r, 1, "delay", "Delay (arrival to fill)", money_neg(w->delay));
    put_row(r, 2, "spread", "Spread", money_neg(w->lines[FEL_COST_SPREAD]));
    put_row(r, 3, "slippage", "Slippage", money_neg(w->lines[FEL_COST_SLIPPAGE]));
    put_row(r, 4, "impact", "Impact", money_neg(w->lines[FEL_COST_IMPACT]));
    put_row(r, 5, "fees", "Fees", money_neg(w->lines[FEL_COST_FEE]));
    put_row(r, 6, "dividends", "Dividends", w->dividends);
    put_row(r, 7, "interest", "Interest", w->interest);
    put_row(r, 8, "borrow", "Borrow fees", money_neg(w->borrow));
    put_row(r, 9, "funding", "Funding", w->funding);
    put_row(r, N_PARTS, "net", "Net", w->net);
}

/* The amount as a whole number of smallest units, nearest. */
static fel_money in_units(fel_money amount, double units)
{
    const fel_money scaled = money_scale(amount, units);
    const double hi = rint(scaled.hi);
    const double rest = (scaled.hi - hi) + scaled.lo;
    return money_add_double(money_of(hi), rint(rest));
}

/* Index of the part that one unit more (step 1) or less (step -1) brings nearest to its exact
 * value. */
static size_t best_to_move(const fel_report *r, const fel_money rounded[N_PARTS], double units,
                           double step)
{
    size_t best = 0;
    double best_error = HUGE_VAL;
    for (size_t k = 0; k < N_PARTS; k++) {
        const fel_money exact = money_scale(r->costs[k].amount, units);
        const fel_money moved = money_add_double(rounded[k], step);
        const double error = fabs(fel_money_value(money_sub(moved, exact)));
        /* A row that is nothing stays nothing. */
        if (fel_money_value(exact) != 0.0 && error < best_error) {
            best = k;
            best_error = error;
        }
    }
    return best;
}

static fel_money sum_of_parts(const fel_money parts[N_PARTS])
{
    fel_money sum = money_of(0.0);
    for (size_t k = 0; k < N_PARTS; k++) {
        sum = money_add(sum, parts[k]);
    }
    return sum;
}

/* Round the parts so that they add up to the rounded net. */
static void close_rounded(const fel_report *r, fel_money rounded[N_PARTS], fel_money net,
                          double units)
{
    double missing = fel_money_value(money_sub(net, sum_of_parts(rounded)));
    for (int moves = 0; moves < N_PARTS && fabs(missing) >= 0.5; moves++) {
        const double step = missing > 0.0 ? 1.0 : -1.0;
        const size_t k = best_to_move(r, rounded, units, step);
        rounded[k] = money_add_double(rounded[k], step);
        missing -= step;
    }
}

void report_fill_costs(fel_report *r)
{
    const double units = pow(10.0, r->money_places);
    fel_money exact[N_PARTS], rounded[N_PARTS];
    put_rows(r);
    for (size_t k = 0; k < N_PARTS; k++) {
        exact[k] = r->costs[k].amount;
        rounded[k] = in_units(exact[k], units);
    }
    const fel_money net = in_units(r->costs[N_PARTS].amount, units);
    const fel_money difference = money_sub(r->costs[N_PARTS].amount, sum_of_parts(exact));
    const fel_money shown = in_units(difference, units);
    if (fel_money_value(shown) == 0.0) {
        close_rounded(r, rounded, net, units);
    }
    for (size_t k = 0; k < N_PARTS; k++) {
        money_format(money_divide(rounded[k], units), r->money_places, r->costs[k].text,
                     sizeof(r->costs[k].text));
    }
    money_format(money_divide(net, units), r->money_places, r->costs[N_PARTS].text,
                 sizeof(r->costs[N_PARTS].text));
    money_format(money_divide(shown, units), r->money_places, r->cost_difference,
                 sizeof(r->cost_difference));
    r->total_costs = -fel_money_value(money_add(
        money_add(exact[1], exact[2]), money_add(money_add(exact[3], exact[4]), exact[5])));
}
