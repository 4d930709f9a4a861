/* cli/price_internal.h - feller price: what is asked for, one option, and a table of them. */
#ifndef FEL_CLI_PRICE_INTERNAL_H
#define FEL_CLI_PRICE_INTERNAL_H

#ifndef FEL_MODULE_CLI
#error "cli/price_internal.h belongs to cli/"
#endif

#include <stdint.h>

#include <feller/price.h>

#include "cli/cli_internal.h"
#include "core/arena.h"

/* ---- what is asked for ----------------------------------------------------------------------- */

typedef enum price_task {
    PRICE_EUROPEAN = 0,   /* prices by `method`, and their implied volatilities */
    PRICE_AMERICAN = 1,   /* prices by `american` */
    PRICE_IMPLIED_VOL = 2 /* volatilities of given prices */
} price_task;

typedef struct price_request {
    price_task task;
    fel_price_method method;
    fel_american_method american;
    int greeks;
    int has_date;
    int64_t date_ns; /* expiries are counted from here, 365 days a year */
} price_request;

/* One option in, its results out. */
typedef struct price_option {
    fel_process process;
    double t_years, strike;
    fel_option_right right;
    int32_t reserved;
    double given;       /* price, where the volatility is wanted */
    double implied_vol; /* NaN: the price has none */
    fel_greeks greeks;  /* price alone unless greeks are asked for */
} price_option;

enum { PRICE_MAX_RESULTS = 10 };

/* Price options [0, n): those beside one another that differ in strike and right alone share their
 * work. On failure *failed is the first that could not be priced. */
fel_status price_options(const price_request *request, price_option *options, size_t n,
                         size_t *failed);

/* The results asked for, in the order of their columns: names and one option's values; how many. */
size_t price_results(const price_request *request, const price_option *option,
                     const char *names[PRICE_MAX_RESULTS], double values[PRICE_MAX_RESULTS]);

/* "2026-12-18" less the request's date, in years. ERR_ARG without a date, ERR_RANGE before it. */
fel_status price_years_until(const price_request *request, const char *expiry, double *t_years);

/* ---- a table of options ---------------------------------------------------------------------- */

/* A CSV as texts, header first. */
typedef struct price_table {
    arena memory;
    char **cells; /* n_rows x n_columns, the header being row 0 */
    size_t n_rows, n_columns;
} price_table;

/* ERR_IO, ERR_FORMAT (file, row, what is wrong), ERR_NOMEM. */
fel_status price_table_read(price_table *out, const char *path);
void price_table_clear(price_table *table);

/* Price every row of a CSV: each column named after a parameter of the process, strike, t_years or
 * expiry, right, price is read from it, the rest from `base`; the table with the results' columns
 * goes to `output` (NULL: standard output). An exit code. */
int price_csv(const price_request *request, const price_option *base, const char *path,
              const char *output, int quiet);

#endif
