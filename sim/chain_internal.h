/* sim/chain_internal.h - reading an option chain: bytes, cells, columns, raw quotes, forwards. */
#ifndef FEL_MODULE_SIM
#error "sim/chain_internal.h belongs to sim/"
#endif
#ifndef FEL_SIM_CHAIN_INTERNAL_H
#define FEL_SIM_CHAIN_INTERNAL_H

#include <feller/calibrate.h>

/* ---- the file -------------------------------------------------------------------------------- */

/* All bytes of a file, unpacked; *bytes is the caller's to free. ERR_IO, ERR_FORMAT. */
fel_status chain_source_read(const char *path, char **bytes, size_t *size);

typedef struct chain_row {
    size_t first; /* of its cells */
    uint32_t n;
    int32_t line; /* from 1 */
} chain_row;

/* The cells of a file, each a terminated text; blank lines are no rows. Zero-initialise. */
typedef struct chain_cells {
    char *text;
    const char **cells;
    chain_row *rows;
    size_t n_rows, n_cells, row_capacity, cell_capacity;
} chain_cells;

fel_status chain_cells_read(chain_cells *out, const char *path);
void chain_cells_clear(chain_cells *cells);

/* ---- values of cells ------------------------------------------------------------------------- */

/* A number as files write it: blanks around, "1,290.59", "$12", "24.5%" (a fraction then). 1 and
 * *value; empty cells, "-", "n/a", "nan", "null" give NaN. 0 if it is none. */
int chain_number(const char *text, double *value);

/* Days since 1970-01-01: 2011-03-16 (a time after it is left out), 20110316, 3/16/2011, 16-Mar-11,
 * "Wed Mar 16 2011", "Jan 24 2011 @ 14:03 ET". order: "ymd", "dmy", "mdy" or "" for figures. */
typedef enum chain_date_fault {
    CHAIN_DATE_OK = 0,
    CHAIN_DATE_NONE = 1,     /* no date at all */
    CHAIN_DATE_AMBIGUOUS = 2 /* 3/4/2011 */
} chain_date_fault;
chain_date_fault chain_date(const char *text, const char *order, double *days);
/* "2011-01-24" of days since 1970. */
void chain_date_text(double days, char text[16]);

/* What a contract's symbol says: "SPX110319C01300000", "11 Mar 1300.00 (SPX1119C1300-E)". */
typedef struct chain_contract {
    double expiry_days, strike;
    int right; /* fel_option_right */
} chain_contract;
int chain_contract_read(const char *text, chain_contract *out);

/* ---- columns --------------------------------------------------------------------------------- */

/* What a column means. Those from CHAIN_BID on exist three times: of the row's own option, of its
 * call, of its put. */
typedef enum chain_role {
    CHAIN_STRIKE = 0,
    CHAIN_EXPIRY,
    CHAIN_T,
    CHAIN_DAYS,
    CHAIN_RIGHT,
    CHAIN_CONTRACT,
    CHAIN_FORWARD,
    CHAIN_DISCOUNT,
    CHAIN_RATE,
    CHAIN_DIVIDEND,
    CHAIN_DIVIDEND_DISCOUNT,
    CHAIN_SPOT,
    CHAIN_QUOTE_DATE,
    CHAIN_BID,
    CHAIN_ASK,
    CHAIN_PRICE,
    CHAIN_VOL,
    CHAIN_N_SINGLE,
    CHAIN_CALLS = CHAIN_N_SINGLE, /* + role - CHAIN_BID */
    CHAIN_PUTS = CHAIN_CALLS + 4,
    CHAIN_N_ROLES = CHAIN_PUTS + 4
} chain_role;

typedef struct chain_columns {
    int at[CHAIN_N_ROLES];   /* place of each role; -1: not there */
    size_t header_row;       /* index in cells->rows */
    uint32_t n;              /* columns of the header */
    double spot, quote_days; /* said above the header; NaN */
} chain_columns;

/* Find the header among the first rows. ERR_FORMAT, ERR_ARG (map). */
fel_status chain_columns_find(chain_columns *out, const chain_cells *cells, const char *path,
                              const fel_chain_options *options);

/* ---- quotes ---------------------------------------------------------------------------------- */

/* One option of the file on its way to a fel_quote_option; NaN where there is none. */
typedef struct chain_quote {
    double t_years, strike, bid, ask, price, vol;
    double given_forward, given_discount, rate, dividend, dividend_discount;
    double forward, discount;
    double low, high; /* what the quotes allow its price to be */
    int right;        /* fel_option_right; 0: not said, then the side out of the money */
    int is_vol;       /* the volatility is what is quoted */
    int32_t row;
    fel_quote_fault fault;
    char reason[120];
} chain_quote;

typedef struct chain_quotes {
    chain_quote *items;
    size_t n, capacity;
    size_t n_rows;
    double spot, quote_days;
} chain_quotes;

fel_status chain_quotes_read(chain_quotes *out, const chain_cells *cells,
                             const chain_columns *columns, const char *path,
                             const fel_chain_options *options);

/* The first fault stays. */
void chain_refuse(chain_quote *q, fel_quote_fault fault, const char *format, ...) FEL_PRINTF(3, 4);

/* Forward and discount of the n quotes of one maturity, from what is given or by parity. */
fel_status chain_forward_find(fel_chain_maturity *out, chain_quote *quotes, size_t n, double spot,
                              const fel_chain_options *options);

/* Expired, crossed, without a price, double: what a quote shows by itself. One maturity in order of
 * strike. */
void chain_check_quotes(chain_quote *quotes, size_t n, const fel_chain_options *options);
/* With forward and discount: bounds, implied volatility, the range that bid and ask allow. */
void chain_check_prices(chain_quote *quotes, size_t n);
/* Monotone and convex in strike, as far as bid and ask do not explain it. */
fel_status chain_check_neighbours(chain_quote *quotes, size_t n);
/* The ranges asked for. */
void chain_exclude(chain_quote *quotes, size_t n, const fel_chain_options *options);

#endif
