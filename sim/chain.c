/* sim/chain.c - a chain of options from its file to quotes that can be fitted, and the list of
 * those that cannot. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "sim/chain_internal.h"

static const double same_maturity_years = 1e-9;

/* ---- names ----------------------------------------------------------------------------------- */

static const char *const fault_names[FEL_FAULT_N][2] = {
    {"none", ""},
    {"crossed", "bid above ask"},
    {"zero_bid", "nobody bids"},
    {"arbitrage", "outside its bounds, or against neighbouring strikes by more than the spreads"},
    {"no_price", "nothing to price it by: absent, not a number, not positive"},
    {"expired", "maturity not after the quote date"},
    {"excluded", "outside the asked ranges"},
    {"no_forward", "its maturity has no forward: neither given nor by put-call parity"},
    {"duplicate", "quoted twice; the tighter spread is kept"},
};

const char *fel_quote_fault_name(fel_quote_fault fault)
{
    return (unsigned)fault < FEL_FAULT_N ? fault_names[fault][0] : "unknown";
}

const char *fel_quote_fault_meaning(fel_quote_fault fault)
{
    return (unsigned)fault < FEL_FAULT_N ? fault_names[fault][1] : "";
}

const char *fel_forward_source_name(fel_forward_source source)
{
    static const char *const names[] = {"given", "by rates", "by parity",
                                        "by parity with the discount", "unknown"};
    return names[(unsigned)source < FEL_FORWARD_NONE ? source : FEL_FORWARD_NONE];
}

/* ---- options --------------------------------------------------------------------------------- */

fel_chain_options fel_chain_options_default(void)
{
    fel_chain_options options;
    memset(&options, 0, sizeof(options));
    options.struct_size = (uint32_t)sizeof(options);
    options.spot = (double)NAN;
    options.rate_per_year = (double)NAN;
    options.dividend_per_year = (double)NAN;
    options.max_moneyness = (double)INFINITY;
    options.max_t_years = (double)INFINITY;
    options.max_vol_per_year = (double)INFINITY;
    return options;
}

static int is_order(const char *text)
{
    return text[0] == '\0' || strcmp(text, "ymd") == 0 || strcmp(text, "dmy") == 0 ||
           strcmp(text, "mdy") == 0;
}

static fel_status check_range(const char *what, double least, double most)
{
    return least >= 0.0 && most >= least
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_RANGE, "%s %g .. %g is no range from 0 up", what, least, most);
}

static fel_status check_options(const fel_chain_options *o)
{
    if (o->struct_size != sizeof(*o)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_chain_options has %u bytes, this library's has %zu",
                         o->struct_size, sizeof(*o));
    }
    if (!is_order(o->date_format)) {
        return FEL_RAISE(FEL_ERR_ARG, "date format \"%.8s\" is not ymd, dmy or mdy",
                         o->date_format);
    }
    if (o->spot <= 0.0 || isinf(o->spot) || isinf(o->rate_per_year) ||
        isinf(o->dividend_per_year) || fabs(o->rate_per_year) > 10.0 ||
        fabs(o->dividend_per_year) > 10.0) {
        return FEL_RAISE(FEL_ERR_RANGE,
                         "spot %g, rate %g, dividend %g: the spot is above 0, rates are fractions "
                         "a year within -10 .. 10",
                         o->spot, o->rate_per_year, o->dividend_per_year);
    }
    FEL_TRY(check_range("moneyness", o->min_moneyness, o->max_moneyness));
    FEL_TRY(check_range("maturity", o->min_t_years, o->max_t_years));
    return check_range("vol", o->min_vol_per_year, o->max_vol_per_year);
}

/* ---- order ----------------------------------------------------------------------------------- */

static int compare(double a, double b)
{
    return isnan(a) ? (isnan(b) ? 0 : 1) : isnan(b) ? -1 : (a > b) - (a < b);
}

/* Maturity, strike, calls first, row: a total order but for a call and a put of one row. */
static int compare_quotes(const void *a, const void *b)
{
    const chain_quote *x = a, *y = b;
    int order = compare(x->t_years, y->t_years);
    order = order != 0 ? order : compare(x->strike, y->strike);
    order = order != 0 ? order : y->right - x->right;
    return order != 0 ? order : (x->row > y->row) - (x->row < y->row);
}

static int compare_refusals(const void *a, const void *b)
{
    const fel_quote_refusal *x = a, *y = b;
    return x->row != y->row ? (x->row > y->row) - (x->row < y->row) : y->right - x->right;
}

static size_t count_maturity(const chain_quote *quotes, size_t n)
{
    size_t k = 1;
    while (k < n && !(quotes[k].t_years - quotes[0].t_years > same_maturity_years) &&
           isnan(quotes[k].t_years) == isnan(quotes[0].t_years)) {
        k++;
    }
    return k;
}

/* ---- results --------------------------------------------------------------------------------- */

static void add_refusal(fel_chain *out, const chain_quote *q)
{
    const fel_quote_refusal refusal = {.row = q->row,
                                       .fault = q->fault,
                                       .right = q->right,
                                       .t_years = q->t_years,
                                       .strike = q->strike,
                                       .bid = q->bid,
                                       .ask = q->ask,
                                       .price = q->price};
    fel_quote_refusal *place = &out->refused[out->n_refused++];
    *place = refusal;
    memcpy(place->reason, q->reason, sizeof(place->reason));
    out->n_faults[q->fault]++;
}

static void add_quote(fel_chain *out, const chain_quote *q)
{
    const fel_quote_option quote = {.t_years = q->t_years,
                                    .strike = q->strike,
                                    .forward = q->forward,
                                    .discount = q->discount,
                                    .price = q->price,
                                    .bid = q->bid,
                                    .ask = q->ask,
                                    .vol_per_year = q->vol,
                                    .right = (fel_option_right)q->right,
                                    .row = q->row};
    out->quotes[out->n++] = quote;
}

static void add_maturity(fel_chain *out, const fel_chain_maturity *maturity,
                         const chain_quote *quotes, size_t n)
{
    fel_chain_maturity *place = &out->maturities[out->n_maturities];
    *place = *maturity;
    place->first = out->n;
    for (size_t i = 0; i < n; i++) {
        if (quotes[i].fault == FEL_FAULT_NONE) {
            add_quote(out, &quotes[i]);
        } else {
            add_refusal(out, &quotes[i]);
        }
    }
    place->n = out->n - place->first;
    out->n_maturities += place->n > 0 ? 1 : 0;
}

static fel_status make_maturity(fel_chain *out, chain_quote *quotes, size_t n, double spot,
                                const fel_chain_options *options)
{
    fel_chain_maturity maturity = {.t_years = quotes[0].t_years};
    for (size_t i = 0; i < n && !isnan(maturity.t_years); i++) {
        quotes[i].t_years = maturity.t_years;
    }
    chain_check_quotes(quotes, n, options);
    FEL_TRY(chain_forward_find(&maturity, quotes, n, spot, options));
    chain_check_prices(quotes, n);
    if (!options->keep_arbitrage) {
        FEL_TRY(chain_check_neighbours(quotes, n));
    }
    chain_exclude(quotes, n, options);
    add_maturity(out, &maturity, quotes, n);
    return FEL_OK;
}

static void describe_first_faults(fel_chain *out)
{
    for (size_t i = out->n_refused; i-- > 0;) {
        const fel_quote_refusal *r = &out->refused[i];
        (void)snprintf(out->first_fault[r->fault], sizeof(out->first_fault[0]), "row %d: %s",
                       r->row, r->reason);
    }
}

/* The counts by reason, and the first of the most frequent one. */
static fel_status raise_empty(const fel_chain *chain, const char *path)
{
    char counts[200] = "";
    size_t used = 0, most = 1;
    for (size_t i = 1; i < FEL_FAULT_N; i++) {
        most = chain->n_faults[i] > chain->n_faults[most] ? i : most;
        if (chain->n_faults[i] > 0 && used < sizeof(counts)) {
            const int length =
                snprintf(counts + used, sizeof(counts) - used, "%s%zu %s", used > 0 ? ", " : "",
                         chain->n_faults[i], fel_quote_fault_name((fel_quote_fault)i));
            used += length > 0 ? (size_t)length : 0;
        }
    }
    if (chain->n_refused == 0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: no quote below its header", path);
    }
    return FEL_RAISE(FEL_ERR_FORMAT, "%s: no usable quote among %zu: %s; the first: %s", path,
                     chain->n_refused, counts, chain->first_fault[most]);
}

static fel_status allocate(fel_chain *out, size_t n)
{
    out->quotes = calloc(n + 1, sizeof(*out->quotes));
    out->maturities = calloc(n + 1, sizeof(*out->maturities));
    out->refused = calloc(n + 1, sizeof(*out->refused));
    return out->quotes != NULL && out->maturities != NULL && out->refused != NULL
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu quotes", n);
}

static fel_status make_chain(fel_chain *out, chain_quotes *list, const char *path,
                             const fel_chain_options *options)
{
    FEL_TRY(allocate(out, list->n));
    if (list->n == 0) {
        return raise_empty(out, path);
    }
    qsort(list->items, list->n, sizeof(*list->items), compare_quotes);
    for (size_t i = 0; i < list->n;) {
        const size_t n = count_maturity(list->items + i, list->n - i);
        FEL_TRY(make_maturity(out, list->items + i, n, list->spot, options));
        i += n;
    }
    qsort(out->refused, out->n_refused, sizeof(*out->refused), compare_refusals);
    describe_first_faults(out);
    out->n_rows = list->n_rows;
    if (out->n == 0) {
        return raise_empty(out, path);
    }
    out->spot = isnan(list->spot) ? out->quotes[0].forward : list->spot;
    if (!isnan(list->quote_days)) {
        chain_date_text(list->quote_days, out->quote_date);
    }
    return FEL_OK;
}

fel_status fel_chain_read(fel_chain *out, const char *path, const fel_chain_options *options)
{
    const fel_chain_options standard = fel_chain_options_default();
    const fel_chain_options *how = options != NULL ? options : &standard;
    chain_cells cells = {.text = NULL};
    chain_quotes list = {.items = NULL};
    chain_columns columns;
    fel_chain chain;
    memset(&chain, 0, sizeof(chain));
    FEL_TRY(check_options(how));
    fel_status status = chain_cells_read(&cells, path);
    if (status == FEL_OK) {
        status = chain_columns_find(&columns, &cells, path, how);
    }
    if (status == FEL_OK) {
        status = chain_quotes_read(&list, &cells, &columns, path, how);
    }
    if (status == FEL_OK) {
        status = make_chain(&chain, &list, path, how);
    }
    chain_cells_clear(&cells);
    free(list.items);
    if (status != FEL_OK) {
        fel_chain_clear(&chain);
        return status;
    }
    *out = chain;
    return FEL_OK;
}

void fel_chain_clear(fel_chain *chain)
{
    free(chain->quotes);
    free(chain->maturities);
    free(chain->refused);
    memset(chain, 0, sizeof(*chain));
}
