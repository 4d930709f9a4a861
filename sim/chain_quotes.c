/* sim/chain_quotes.c - rows of cells as quotes of options: one a row, or a call and a put.
 *
 * What cannot be read is an error with row, column, value and rule; what can be read but not used
 * is refused with a reason and counted. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/core.h"
#include "sim/chain_internal.h"

static const double days_per_year = 365.0;

enum { MOST_VOL = 10, MOST_YEARS = 100 };

/* Where the reader is, for messages. */
typedef struct row_reader {
    const chain_cells *cells;
    const chain_columns *columns;
    const chain_row *row;
    const char *path;
    const fel_chain_options *options;
} row_reader;

void chain_refuse(chain_quote *q, fel_quote_fault fault, const char *format, ...)
{
    va_list args;
    if (q->fault != FEL_FAULT_NONE) {
        return;
    }
    q->fault = fault;
    va_start(args, format);
    (void)vsnprintf(q->reason, sizeof(q->reason), format, args);
    va_end(args);
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* "" where the row or the file has none. */
static const char *cell(const row_reader *r, int role)
{
    const int at = r->columns->at[role];
    return at >= 0 && (uint32_t)at < r->row->n ? r->cells->cells[r->row->first + (size_t)at] : "";
}

static const char *column_name(const row_reader *r, int role)
{
    const chain_row *header = &r->cells->rows[r->columns->header_row];
    return r->cells->cells[header->first + (size_t)r->columns->at[role]];
}

static fel_status raise_cell(const row_reader *r, int role, const char *allowed)
{
    return FEL_RAISE(FEL_ERR_FORMAT, "%s: row %d, column %.40s, value \"%.40s\": is not %s",
                     r->path, r->row->line, column_name(r, role), cell(r, role), allowed);
}

static fel_status read_number(const row_reader *r, int role, double *value)
{
    *value = (double)NAN;
    return chain_number(cell(r, role), value) ? FEL_OK : raise_cell(r, role, "a number");
}

static fel_status read_date(const row_reader *r, int role, double *days)
{
    const char *text = cell(r, role);
    *days = (double)NAN;
    const chain_date_fault fault = chain_date(text, r->options->date_format, days);
    if (fault == CHAIN_DATE_AMBIGUOUS) {
        return raise_cell(r, role, "clear: day or month first? --date-format dmy or mdy says it");
    }
    return fault == CHAIN_DATE_OK || text[0] == '\0'
               ? FEL_OK
               : raise_cell(r, role, "a date such as 2011-03-16");
}

static fel_status read_right(const row_reader *r, int *right)
{
    static const struct {
        const char *word;
        int right;
    } words[] = {{"c", FEL_CALL},   {"call", FEL_CALL}, {"calls", FEL_CALL}, {"1", FEL_CALL},
                 {"p", FEL_PUT},    {"put", FEL_PUT},   {"puts", FEL_PUT},   {"-1", FEL_PUT},
                 {"1.0", FEL_CALL}, {"-1.0", FEL_PUT}};
    const char *text = cell(r, CHAIN_RIGHT);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcasecmp(text, words[i].word) == 0) {
            *right = words[i].right;
            return FEL_OK;
        }
    }
    return r->columns->at[CHAIN_RIGHT] < 0 ? FEL_OK : raise_cell(r, CHAIN_RIGHT, "call or put");
}

/* ---- maturity -------------------------------------------------------------------------------- */

static fel_status raise_quote_date(const row_reader *r)
{
    return FEL_RAISE(FEL_ERR_FORMAT,
                     "%s: row %d: its maturity is a date, but no column says the quotes' date; "
                     "--quote-date 2011-01-24 does",
                     r->path, r->row->line);
}

static fel_status years_between(const row_reader *r, double expiry_days, double quote_days,
                                double *t_years)
{
    if (isnan(quote_days) && !isnan(expiry_days)) {
        return raise_quote_date(r);
    }
    *t_years = (expiry_days - quote_days) / days_per_year;
    return FEL_OK;
}

/* A maturity is a date, or a number of years under that name. */
static fel_status read_expiry(const row_reader *r, double quote_days, double *t_years)
{
    double value = (double)NAN, days = (double)NAN;
    if (chain_number(cell(r, CHAIN_EXPIRY), &value) && !(value > MOST_YEARS)) {
        *t_years = value;
        return FEL_OK;
    }
    FEL_TRY(read_date(r, CHAIN_EXPIRY, &days));
    return years_between(r, days, quote_days, t_years);
}

static fel_status read_t(const row_reader *r, double quote_days, const chain_contract *contract,
                         double *t_years)
{
    const int *at = r->columns->at;
    double value = (double)NAN;
    if (at[CHAIN_T] >= 0) {
        return read_number(r, CHAIN_T, t_years);
    }
    if (at[CHAIN_EXPIRY] >= 0) {
        return read_expiry(r, quote_days, t_years);
    }
    if (at[CHAIN_DAYS] >= 0) {
        FEL_TRY(read_number(r, CHAIN_DAYS, &value));
        *t_years = value / days_per_year;
        return FEL_OK;
    }
    return years_between(r, contract->expiry_days, quote_days, t_years);
}

/* ---- a row ----------------------------------------------------------------------------------- */

static fel_status read_contract(const row_reader *r, chain_contract *contract)
{
    const int *at = r->columns->at;
    const int is_needed =
        at[CHAIN_STRIKE] < 0 || (at[CHAIN_EXPIRY] < 0 && at[CHAIN_T] < 0 && at[CHAIN_DAYS] < 0);
    contract->expiry_days = (double)NAN;
    contract->strike = (double)NAN;
    contract->right = 0;
    return at[CHAIN_CONTRACT] < 0 || chain_contract_read(cell(r, CHAIN_CONTRACT), contract) ||
                   !is_needed
               ? FEL_OK
               : raise_cell(r, CHAIN_CONTRACT,
                            "a contract such as SPX110319C01300000, with expiry and strike");
}

/* The row's own date, or the file's. Of a file with several days one must be asked for. */
static fel_status read_quote_date(const row_reader *r, const chain_quotes *list, chain_quote *q,
                                  double *quote_days)
{
    char first[16], second[16];
    double days = (double)NAN;
    *quote_days = list->quote_days;
    const fel_status status = read_date(r, CHAIN_QUOTE_DATE, &days);
    if (status != FEL_OK && r->columns->at[CHAIN_T] < 0) {
        return status;
    }
    if (isnan(days) || days == list->quote_days) {
        return FEL_OK;
    }
    if (isnan(list->quote_days)) {
        *quote_days = days;
        return FEL_OK;
    }
    chain_date_text(list->quote_days, first);
    chain_date_text(days, second);
    chain_refuse(q, FEL_FAULT_EXCLUDED, "quoted on %s, not on %s", second, first);
    return r->options->quote_date[0] != '\0'
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_FORMAT,
                           "%s: row %d: quotes of %s after those of %s: --quote-date chooses one "
                           "day",
                           r->path, r->row->line, second, first);
}

/* What all options of a row share. */
static fel_status read_shared(const row_reader *r, chain_quotes *list, chain_quote *q)
{
    const struct {
        int role;
        double *place;
    } numbers[] = {{CHAIN_FORWARD, &q->given_forward},
                   {CHAIN_DISCOUNT, &q->given_discount},
                   {CHAIN_RATE, &q->rate},
                   {CHAIN_DIVIDEND, &q->dividend},
                   {CHAIN_DIVIDEND_DISCOUNT, &q->dividend_discount},
                   {CHAIN_STRIKE, &q->strike}};
    chain_contract contract;
    double quote_days = (double)NAN, spot = (double)NAN;
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        FEL_TRY(read_number(r, numbers[i].role, numbers[i].place));
    }
    FEL_TRY(read_contract(r, &contract));
    FEL_TRY(read_quote_date(r, list, q, &quote_days));
    FEL_TRY(read_t(r, quote_days, &contract, &q->t_years));
    FEL_TRY(read_number(r, CHAIN_SPOT, &spot));
    FEL_TRY(read_right(r, &q->right));
    q->strike = r->columns->at[CHAIN_STRIKE] < 0 ? contract.strike : q->strike;
    q->right = q->right == 0 ? contract.right : q->right;
    q->row = r->row->line;
    list->spot = isnan(list->spot) ? spot : list->spot;
    list->quote_days = isnan(list->quote_days) ? quote_days : list->quote_days;
    return FEL_OK;
}

/* A column named after percent has them; a volatility of 1000 % is a mistake of units. */
static fel_status check_vol(const row_reader *r, int role, double *vol)
{
    if (!isnan(*vol) && strchr(column_name(r, role), '%') != NULL &&
        strchr(cell(r, role), '%') == NULL) {
        *vol /= 100.0;
    }
    return *vol > MOST_VOL
               ? raise_cell(r, role, "a volatility a year: 0.245, or 24.5% with its sign")
               : FEL_OK;
}

/* Bid, ask, price, vol of the own option, the call or the put. */
static fel_status read_side(const row_reader *r, int first, chain_quote *q)
{
    FEL_TRY(read_number(r, first, &q->bid));
    FEL_TRY(read_number(r, first + 1, &q->ask));
    FEL_TRY(read_number(r, first + 2, &q->price));
    FEL_TRY(read_number(r, first + 3, &q->vol));
    return check_vol(r, first + 3, &q->vol);
}

static int has_side(const row_reader *r, int first)
{
    const int *at = r->columns->at + first;
    return at[0] >= 0 || at[1] >= 0 || at[2] >= 0 || at[3] >= 0;
}

static fel_status push_side(const row_reader *r, chain_quotes *list, const chain_quote *shared,
                            int first, int right)
{
    chain_quote q = *shared;
    if (!has_side(r, first)) {
        return FEL_OK;
    }
    q.right = right;
    FEL_TRY(read_side(r, first, &q));
    return ARRAY_PUSH(list, q);
}

static fel_status raise_no_right(const row_reader *r)
{
    return FEL_RAISE(FEL_ERR_FORMAT,
                     "%s: row %d: prices need a column type (call or put), or call_bid, call_ask, "
                     "put_bid, put_ask",
                     r->path, r->row->line);
}

static fel_status read_row(const row_reader *r, chain_quotes *list)
{
    chain_quote q;
    memset(&q, 0, sizeof(q));
    q.forward = (double)NAN;
    q.discount = (double)NAN;
    FEL_TRY(read_shared(r, list, &q));
    const int has_calls = has_side(r, CHAIN_CALLS), has_puts = has_side(r, CHAIN_PUTS);
    if (has_calls || has_puts) {
        FEL_TRY(push_side(r, list, &q, CHAIN_CALLS, FEL_CALL));
        return push_side(r, list, &q, CHAIN_PUTS, FEL_PUT);
    }
    const int *at = r->columns->at;
    if (q.right == 0 && (at[CHAIN_BID] >= 0 || at[CHAIN_PRICE] >= 0)) {
        return raise_no_right(r);
    }
    return push_side(r, list, &q, CHAIN_BID, q.right);
}

/* ---- the file -------------------------------------------------------------------------------- */

/* Rows of another width are cut or shifted; empty cells at the end are not. */
static fel_status check_width(const row_reader *r)
{
    const uint32_t n = r->columns->n;
    int is_good = r->row->n >= n;
    for (uint32_t i = n; i < r->row->n && is_good; i++) {
        is_good = r->cells->cells[r->row->first + i][0] == '\0';
    }
    const int is_blank = r->row->n == 1 && r->cells->cells[r->row->first][0] == '\0';
    return is_good || is_blank
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_FORMAT, "%s: row %d has %u columns, the header has %u", r->path,
                           r->row->line, r->row->n, n);
}

static fel_status read_asked_date(const fel_chain_options *options, double *days)
{
    if (options->quote_date[0] == '\0') {
        return FEL_OK;
    }
    return chain_date(options->quote_date, options->date_format, days) == CHAIN_DATE_OK
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_ARG, "quote date \"%s\" is not a date such as 2011-01-24",
                           options->quote_date);
}

fel_status chain_quotes_read(chain_quotes *out, const chain_cells *cells,
                             const chain_columns *columns, const char *path,
                             const fel_chain_options *options)
{
    row_reader r = {cells, columns, NULL, path, options};
    out->spot = isnan(options->spot) ? columns->spot : options->spot;
    out->quote_days = columns->quote_days;
    FEL_TRY(read_asked_date(options, &out->quote_days));
    for (size_t i = columns->header_row + 1; i < cells->n_rows; i++) {
        r.row = &cells->rows[i];
        FEL_TRY(check_width(&r));
        if (r.row->n >= columns->n) {
            FEL_TRY(read_row(&r, out));
            out->n_rows++;
        }
    }
    return FEL_OK;
}
