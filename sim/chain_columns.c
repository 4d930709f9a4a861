/* sim/chain_columns.c - which column of a chain is what, by its header.
 *
 * Names are compared without case and punctuation; the first of a role's names that is there
 * counts. Columns after one called "Calls" are the call's, after one called "Puts" the put's, as on
 * the exchanges' pages. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "sim/chain_internal.h"

enum { NAME_SIZE = 64, HEADER_LOOK = 20 };

/* A role's name in --map, and the names that headers have for it. */
typedef struct role_row {
    const char *name, *headers;
} role_row;

static const role_row roles[CHAIN_N_SINGLE] = {
    [CHAIN_STRIKE] = {"strike", "strike|k|strikeprice|exerciseprice"},
    [CHAIN_EXPIRY] = {"maturity", "expiry|expiration|expirydate|expirationdate|expiredate|expire|"
                                  "dtexpiry|exdate|maturity|maturitydate"},
    [CHAIN_T] = {"t", "t|tyears|ttm|tau|texp|timetomaturity|timetoexpiry|yearstoexpiry|"
                      "maturityyears"},
    [CHAIN_DAYS] = {"days", "days|dte|daystoexpiry|daystoexpiration|daystomaturity"},
    [CHAIN_RIGHT] = {"right", "type|right|optiontype|callput|putcall|cpflag|cp"},
    [CHAIN_CONTRACT] = {"contract", "contractsymbol|optionsymbol|occsymbol|contract|calls"},
    [CHAIN_FORWARD] = {"forward", "forward|fwd|forwardprice|f"},
    [CHAIN_DISCOUNT] = {"discount", "discount|disc|df|discountfactor|discfactor"},
    [CHAIN_RATE] = {"rate", "rate|r|irate|riskfreerate|riskfree|interestrate"},
    [CHAIN_DIVIDEND] = {"dividend", "dividend|q|dividendyield|divyield|idiv"},
    [CHAIN_DIVIDEND_DISCOUNT] = {"dividend_discount",
                                 "dividenddiscount|divdisc|dividenddiscountfactor|divdf"},
    [CHAIN_SPOT] = {"spot", "spot|spotprice|underlyinglast|underlyingprice|underlyingclose|"
                            "stockprice|s0|s|underlying"},
    [CHAIN_QUOTE_DATE] = {"quote_date",
                          "quotedate|quotetime|tradedate|dttrade|asof|date|timestamp"},
    [CHAIN_BID] = {"bid", "bid|bidprice|bestbid|bideod"},
    [CHAIN_ASK] = {"ask", "ask|askprice|offer|bestoffer|bestask|askeod"},
    [CHAIN_PRICE] = {"price", "mid|midprice|price|mark|settle|settlement|settlementprice|premium"},
    [CHAIN_VOL] = {"vol", "ivmid|midiv|vol|iv|impliedvol|impliedvolatility|volatility|sigma"},
};

/* Letters and figures only, small. */
static void normalise(const char *text, char name[NAME_SIZE])
{
    size_t n = 0;
    for (; *text != '\0' && n + 1 < NAME_SIZE; text++) {
        if (isalnum((unsigned char)*text)) {
            name[n++] = (char)tolower((unsigned char)*text);
        }
    }
    name[n] = '\0';
}

static const char *side_name(int role)
{
    return role >= CHAIN_PUTS ? "put" : "call";
}

static int base_of(int role)
{
    return role < CHAIN_N_SINGLE ? role
           : role < CHAIN_PUTS   ? role - CHAIN_CALLS + CHAIN_BID
                                 : role - CHAIN_PUTS + CHAIN_BID;
}

static void role_name(int role, char name[NAME_SIZE])
{
    (void)snprintf(name, NAME_SIZE, "%s%s%s", role < CHAIN_N_SINGLE ? "" : side_name(role),
                   role < CHAIN_N_SINGLE ? "" : "_", roles[base_of(role)].name);
}

/* ---- headers --------------------------------------------------------------------------------- */

/* Is a name one that each side of a row may have? */
static int is_side_name(const char *plain)
{
    for (int role = CHAIN_BID; role < CHAIN_N_SINGLE; role++) {
        const char *at = roles[role].headers;
        while (*at != '\0') {
            const size_t n = strcspn(at, "|");
            if (strlen(plain) == n && strncmp(plain, at, n) == 0) {
                return 1;
            }
            at += n + (at[n] == '|' ? 1 : 0);
        }
    }
    return 0;
}

/* The names of a row, those of a side's section with the side before them. */
typedef struct header {
    char (*names)[NAME_SIZE];
    uint32_t n;
} header;

static void read_header(header *h, const chain_cells *cells, const chain_row *row)
{
    const char *section = "";
    h->n = row->n;
    for (uint32_t i = 0; i < row->n; i++) {
        char plain[NAME_SIZE];
        normalise(cells->cells[row->first + i], plain);
        const int is_start = strcmp(plain, "calls") == 0 || strcmp(plain, "puts") == 0;
        /* In a side's section that name is the volume, and the volatility is called iv. */
        const int is_volume = section[0] != '\0' && strcmp(plain, "vol") == 0;
        (void)snprintf(h->names[i], NAME_SIZE, "%s%.50s%s", is_side_name(plain) ? section : "",
                       plain, is_volume ? "ume" : "");
        section = !is_start ? section : plain[0] == 'c' ? "call" : "put";
    }
}

static int find_name(const header *h, const char *name)
{
    for (uint32_t i = 0; i < h->n; i++) {
        if (strcmp(h->names[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* "bid" of a call: callbid, cbid, bidcall. */
static int find_side(const header *h, int role, const char *word)
{
    char name[2 * NAME_SIZE];
    const char *side = side_name(role);
    (void)snprintf(name, sizeof(name), "%s%s", side, word);
    int at = find_name(h, name);
    if (at < 0) {
        (void)snprintf(name, sizeof(name), "%c%s", side[0], word);
        at = find_name(h, name);
    }
    if (at < 0) {
        (void)snprintf(name, sizeof(name), "%s%s", word, side);
        at = find_name(h, name);
    }
    return at;
}

static int find_role(const header *h, int role)
{
    const char *at = roles[base_of(role)].headers;
    while (*at != '\0') {
        char word[NAME_SIZE];
        const size_t n = strcspn(at, "|");
        (void)snprintf(word, sizeof(word), "%.*s", (int)n, at);
        const int found = role < CHAIN_N_SINGLE ? find_name(h, word) : find_side(h, role, word);
        if (found >= 0) {
            return found;
        }
        at += n + (at[n] == '|' ? 1 : 0);
    }
    return -1;
}

/* A lone "PBid" is a price's bid, not a put's. */
static void settle_sides(chain_columns *c)
{
    int has_calls = 0;
    for (int i = 0; i < 4; i++) {
        has_calls = has_calls || c->at[CHAIN_CALLS + i] >= 0;
    }
    for (int i = 0; i < 4 && !has_calls; i++) {
        if (c->at[CHAIN_BID + i] < 0) {
            c->at[CHAIN_BID + i] = c->at[CHAIN_PUTS + i];
        }
        c->at[CHAIN_PUTS + i] = -1;
    }
}

/* ---- --map ----------------------------------------------------------------------------------- */

static fel_status raise_role(const char *word)
{
    char texts[CHAIN_N_ROLES][NAME_SIZE];
    const char *names[CHAIN_N_ROLES];
    for (int i = 0; i < CHAIN_N_ROLES; i++) {
        role_name(i, texts[i]);
        names[i] = texts[i];
    }
    const size_t near = nearest_name(word, names, CHAIN_N_ROLES);
    return near < CHAIN_N_ROLES
               ? FEL_RAISE(FEL_ERR_ARG, "map: no column is called %.40s; did you mean %s?", word,
                           names[near])
               : FEL_RAISE(FEL_ERR_ARG,
                           "map: no column is called %.40s; there are strike, maturity, t, days, "
                           "right, contract, bid, ask, price, vol, forward, discount, rate, "
                           "dividend, dividend_discount, spot, quote_date, call_bid, put_bid, ...",
                           word);
}

static fel_status find_mapped_role(const char *word, int *role)
{
    char name[NAME_SIZE], wanted[NAME_SIZE];
    normalise(word, wanted);
    for (int i = 0; i < CHAIN_N_ROLES; i++) {
        char plain[NAME_SIZE];
        role_name(i, name);
        normalise(name, plain);
        if (strcmp(plain, wanted) == 0) {
            *role = i;
            return FEL_OK;
        }
    }
    *role = strcmp(wanted, "expiry") == 0 ? CHAIN_EXPIRY : CHAIN_RIGHT;
    return strcmp(wanted, "expiry") == 0 || strcmp(wanted, "type") == 0 ? FEL_OK : raise_role(word);
}

/* "strike=K,vol=3": by header, or by place from 1. *is_whole 0 if a header is not in this row. */
static fel_status apply_map(chain_columns *c, const header *h, const char *map, int *is_whole)
{
    *is_whole = 1;
    for (const char *at = map; *at != '\0';) {
        char item[2 * NAME_SIZE], wanted[NAME_SIZE];
        const size_t n = strcspn(at, ",");
        int role = 0;
        (void)snprintf(item, sizeof(item), "%.*s", (int)n, at);
        char *equals = strchr(item, '=');
        if (equals == NULL) {
            return FEL_RAISE(FEL_ERR_ARG, "map: \"%.60s\" is not COLUMN=HEADER", item);
        }
        *equals = '\0';
        FEL_TRY(find_mapped_role(item, &role));
        normalise(equals + 1, wanted);
        const long place = strtol(wanted, NULL, 10);
        const int found = find_name(h, wanted);
        c->at[role] = found >= 0 ? found : place >= 1 && place <= (long)h->n ? (int)place - 1 : -1;
        *is_whole = *is_whole && c->at[role] >= 0;
        at += n + (at[n] == ',' ? 1 : 0);
    }
    return FEL_OK;
}

/* ---- the row that is the header -------------------------------------------------------------- */

static int is_header(const chain_columns *c)
{
    const int has_maturity = c->at[CHAIN_EXPIRY] >= 0 || c->at[CHAIN_T] >= 0 ||
                             c->at[CHAIN_DAYS] >= 0 || c->at[CHAIN_CONTRACT] >= 0;
    return has_maturity && (c->at[CHAIN_STRIKE] >= 0 || c->at[CHAIN_CONTRACT] >= 0);
}

/* An index's name is no price of it. */
static void drop_named_spot(chain_columns *c, const chain_cells *cells)
{
    double value = 0.0;
    if (c->at[CHAIN_SPOT] < 0 || c->header_row + 1 >= cells->n_rows) {
        return;
    }
    const chain_row *row = &cells->rows[c->header_row + 1];
    const uint32_t at = (uint32_t)c->at[CHAIN_SPOT];
    if (at >= row->n || !chain_number(cells->cells[row->first + at], &value)) {
        c->at[CHAIN_SPOT] = -1;
    }
}

/* Above the header of an exchange's page: name, last price; then the date. */
static void read_preamble(chain_columns *c, const chain_cells *cells)
{
    for (size_t i = 0; i < c->header_row; i++) {
        const chain_row *row = &cells->rows[i];
        double days = 0.0, value = (double)NAN;
        if (i == 0 && row->n >= 2 && chain_number(cells->cells[row->first + 1], &value)) {
            c->spot = value;
        }
        if (chain_date(cells->cells[row->first], "", &days) == CHAIN_DATE_OK) {
            c->quote_days = days;
        }
    }
}

static fel_status check_prices(const chain_columns *c, const char *path, int32_t line)
{
    for (int side = CHAIN_BID; side < CHAIN_N_ROLES; side += 4) {
        const int *at = &c->at[side];
        if ((at[0] >= 0 && at[1] >= 0) || at[2] >= 0 || at[3] >= 0) {
            return FEL_OK;
        }
    }
    return FEL_RAISE(FEL_ERR_FORMAT,
                     "%s: row %d: the header has strike and maturity but nothing to price by: bid "
                     "and ask, price or vol; --map price=HEADER names it",
                     path, line);
}

static fel_status try_row(chain_columns *c, header *h, const chain_cells *cells, size_t row,
                          const char *map, int *is_found)
{
    read_header(h, cells, &cells->rows[row]);
    for (int role = 0; role < CHAIN_N_ROLES; role++) {
        c->at[role] = find_role(h, role);
    }
    settle_sides(c);
    FEL_TRY(apply_map(c, h, map, is_found));
    *is_found = *is_found && is_header(c);
    c->header_row = row;
    c->n = h->n;
    return FEL_OK;
}

static size_t widest(const chain_cells *cells)
{
    size_t n = 1;
    for (size_t i = 0; i < cells->n_rows && i < HEADER_LOOK; i++) {
        n = cells->rows[i].n > n ? cells->rows[i].n : n;
    }
    return n;
}

fel_status chain_columns_find(chain_columns *out, const chain_cells *cells, const char *path,
                              const fel_chain_options *options)
{
    header h = {.names = calloc(widest(cells), sizeof(h.names[0]))};
    int is_found = 0;
    fel_status status = h.names != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory", path);
    out->spot = (double)NAN;
    out->quote_days = (double)NAN;
    for (size_t i = 0; i < cells->n_rows && i < HEADER_LOOK && status == FEL_OK && !is_found; i++) {
        status = try_row(out, &h, cells, i, options->map, &is_found);
    }
    free(h.names);
    if (status != FEL_OK) {
        return status;
    }
    if (!is_found) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "%s: none of its first rows is a header with strike and expiry, t or "
                         "days%s; --map strike=HEADER,maturity=HEADER names them",
                         path, options->map[0] != '\0' ? " and the mapped columns" : "");
    }
    drop_named_spot(out, cells);
    read_preamble(out, cells);
    return check_prices(out, path, cells->rows[out->header_row].line);
}
