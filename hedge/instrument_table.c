/* hedge/instrument_table.c - options quoted along paths by looking their prices up.
 *
 * Error against fel_price_european(): below 1e-5 of the spot, see instrument_table_build.c. States
 * that the table does not reach (a variance beyond its law's 1e-11 tail, prices twenty deviations
 * away) are priced one by one. */
#include <math.h>
#include <stdlib.h>

#include "hedge/quote_internal.h"

void quote_table_destroy(quote_table *table)
{
    if (table == NULL) {
        return;
    }
    free(table->values);
    free(table->dates);
    free(table);
}

static fel_status price_exactly(const quote_table *table, const quote_date *date, double spot,
                                double variance, double *price)
{
    fel_process process = table->process;
    process.spot = spot;
    if (fel_process_has_variance(&process)) {
        process.heston.v0 = variance;
    }
    FEL_TRY(fel_price_european(&process, date->left_years, &table->strike, &table->right, 1,
                               FEL_PRICE_FAST, price));
    *price = fmax(*price, 0.0);
    return FEL_OK;
}

static int is_within(const quote_table *table, const quote_date *date, double spot, double variance)
{
    const double m = date->growth * spot / table->strike;
    return m >= table->least_m && m <= table->most_m &&
           (date->s.n == 1 || variance <= table->max_variance);
}

HEDGE_KERNEL_DEFINE_F64(quote_look_up, (const quote_job *job), (job))

fel_status quote_table_price(const quote_table *table, size_t date_index, const double *spot,
                             const double *variance, double *price, size_t n)
{
    const quote_date *date = &table->dates[date_index];
    const quote_job job = {
        .date = date,
        .values = table->values + date_index * date->s.n * date->t.n,
        .spot = spot,
        .variance = variance,
        .n = n,
        .sign = table->right == FEL_CALL ? 1.0 : -1.0,
        .to_m = date->growth / table->strike,
        .unit = table->strike * date->discount,
        .price = price,
    };
    quote_look_up(&job);
    for (size_t p = 0; p < n; p++) {
        if (!is_within(table, date, spot[p], variance[p])) {
            FEL_TRY(price_exactly(table, date, spot[p], variance[p], &price[p]));
        }
    }
    return FEL_OK;
}
