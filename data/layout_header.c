/* data/layout_header.c - which column is what, by the names that vendors give them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "data/layout_internal.h"

/* Names in lower case, _ as a blank, <> dropped; the first that a file has wins. */
typedef struct role_names {
    csv_role role;
    const char *names[20];
} role_names;

static const role_names role_table[] = {
    {ROLE_TIME,
     {"date", "datetime", "timestamp", "ts", "date time", "open time", "observation date",
      "quote time", "local time", "gmt time", "transact time", "calc time", "funding time",
      "fundingtime", "ex date", "ex-date", "time", NULL}},
    {ROLE_CLOCK, {"time", "time of day", NULL}},
    {ROLE_END, {"close ts", NULL}},
    {ROLE_SYMBOL, {"symbol", "ticker", "sym", "asset", "instrument", NULL}},
    {ROLE_OPEN, {"open", "o", "open price", NULL}},
    {ROLE_HIGH, {"high", "h", "high price", NULL}},
    {ROLE_LOW, {"low", "l", "low price", NULL}},
    {ROLE_CLOSE,
     {"close", "c", "close/last", "close price", "last", "price", "adj close", "value", NULL}},
    {ROLE_VOLUME, {"volume", "v", "vol", "vol.", "total volume", "tickvol", NULL}},
    {ROLE_BID, {"bid", "bid price", "bestbid", "best bid", NULL}},
    {ROLE_ASK, {"ask", "ask price", "offer", "bestask", "best ask", NULL}},
    {ROLE_BID_SIZE, {"bid size", "bid volume", "bidsize", "bestbidvolume", "bid qty", NULL}},
    {ROLE_ASK_SIZE, {"ask size", "ask volume", "asksize", "bestaskvolume", "ask qty", NULL}},
    {ROLE_DIVIDEND, {"dividends", "dividend", "ex-dividend", NULL}},
    {ROLE_SPLIT, {"stock splits", "split", "split ratio", "splits", NULL}},
    {ROLE_GAIN, {"capital gains", NULL}},
    {ROLE_PRICE, {"price", "px", "rate", NULL}},
    {ROLE_QUANTITY, {"quantity", "qty", "amount", "size", NULL}},
    {ROLE_SIDE, {"taker side", "side", "direction", NULL}},
    {ROLE_MAKER, {"is buyer maker", "isbuyermaker", "buyer maker", NULL}},
    {ROLE_FLAGS, {"flags", NULL}},
    {ROLE_FUNDING,
     {"funding rate", "fundingrate", "last funding rate", "lastfundingrate", "funding", NULL}},
    {ROLE_MARK, {"mark price", "markprice", "mark", NULL}},
};

void layout_name_of(const csv_field *field, char *name, size_t size)
{
    size_t n = 0;
    for (uint32_t i = 0; i < field->size && n + 1 < size; i++) {
        const char c = field->text[i];
        if (c != '<' && c != '>') {
            name[n++] = (char)(c == '_' ? ' ' : tolower((unsigned char)c));
        }
    }
    name[n] = '\0';
}

int32_t layout_find_name(const layout_head *head, size_t row, const char *name)
{
    char have[64];
    for (size_t c = 0; c < layout_width(head, row); c++) {
        layout_name_of(layout_field(head, row, c), have, sizeof(have));
        if (strcmp(have, name) == 0) {
            return (int32_t)c;
        }
    }
    return NO_COLUMN;
}

static int32_t find_role(const layout_head *head, size_t row, const role_names *names)
{
    for (size_t i = 0; names->names[i] != NULL; i++) {
        const int32_t column = layout_find_name(head, row, names->names[i]);
        if (column != NO_COLUMN) {
            return column;
        }
    }
    return NO_COLUMN;
}

void layout_find_roles(const layout_head *head, size_t row, int32_t column_of[ROLE_N])
{
    for (size_t i = 0; i < sizeof(role_table) / sizeof(role_table[0]); i++) {
        column_of[role_table[i].role] = find_role(head, row, &role_table[i]);
    }
    if (column_of[ROLE_CLOCK] == column_of[ROLE_TIME] ||
        layout_find_name(head, row, "date") != column_of[ROLE_TIME]) {
        column_of[ROLE_CLOCK] = NO_COLUMN; /* "time" beside a "date" only */
    }
    if (column_of[ROLE_TIME] == NO_COLUMN && layout_width(head, row) > 0 &&
        layout_field(head, row, 0)->size == 0) {
        column_of[ROLE_TIME] = 0; /* an index written without a name */
    }
}

int layout_has_time_and(const layout_head *head, csv_role role)
{
    int32_t column_of[ROLE_N];
    layout_find_roles(head, 0, column_of);
    return column_of[ROLE_TIME] != NO_COLUMN && column_of[role] != NO_COLUMN;
}

fel_status layout_take_header(const layout_head *head, csv_plan *plan)
{
    plan->skip_rows = 1;
    layout_find_roles(head, 0, plan->column_of);
    if (plan->column_of[ROLE_TIME] == NO_COLUMN) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "%s: row 1 names no column date, ts, time or timestamp; name the columns "
                         "with a map such as time=1,close=5",
                         head->path);
    }
    return FEL_OK;
}
