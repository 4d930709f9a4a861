/* data/layout_yahoo.c - Yahoo Finance in its three shapes.
 *
 * With Adj Close the prices are divided by later splits only. Without it, yfinance has put
 * dividends into the prices too (auto_adjust). Dividends and splits are as they happened in either
 * case. The newer yf.download header is three lines: Price,Close,... / Ticker,AAPL,... / Date,,,...
 */
#include <stdio.h>
#include <string.h>

#include "data/layout_arrange_internal.h"

static int has_three_lines(const layout_head *head)
{
    char name[16];
    if (layout_width(head, 0) < 2 || layout_width(head, 1) < 2 || layout_width(head, 2) < 1) {
        return 0;
    }
    layout_name_of(layout_field(head, 0, 0), name, sizeof(name));
    const int is_price = strcmp(name, "price") == 0;
    layout_name_of(layout_field(head, 1, 0), name, sizeof(name));
    return is_price && strcmp(name, "ticker") == 0;
}

int layout_is_yahoo(const layout_head *head)
{
    return has_three_lines(head) ||
           (layout_has_time_and(head, ROLE_OPEN) && !layout_has_time_and(head, ROLE_SYMBOL) &&
            (layout_find_name(head, 0, "adj close") != NO_COLUMN ||
             layout_find_name(head, 0, "stock splits") != NO_COLUMN));
}

/* All columns must be of one ticker: it names the series. */
static fel_status take_ticker(const layout_head *head, csv_plan *plan)
{
    const csv_field *first = layout_field(head, 1, 1);
    for (size_t c = 2; c < layout_width(head, 1); c++) {
        const csv_field *other = layout_field(head, 1, c);
        if (other->size != first->size || memcmp(other->text, first->text, first->size) != 0) {
            return FEL_RAISE(
                FEL_ERR_FORMAT,
                "%s: row 2 names several tickers (%.*s, %.*s); download them one by one",
                head->path, layout_clip(first->size, 31), first->text, layout_clip(other->size, 31),
                other->text);
        }
    }
    if (plan->symbol[0] == '\0') {
        (void)snprintf(plan->symbol, sizeof(plan->symbol), "%.*s", layout_clip(first->size, 63),
                       first->text);
    }
    return FEL_OK;
}

fel_status layout_arrange_yahoo(const layout_head *head, csv_plan *plan)
{
    layout_find_roles(head, 0, plan->column_of);
    plan->skip_rows = 1;
    if (has_three_lines(head)) {
        FEL_TRY(take_ticker(head, plan));
        plan->skip_rows = 3;
        plan->column_of[ROLE_TIME] = 0;
        plan->column_of[ROLE_CLOSE] = layout_find_name(head, 0, "close");
    }
    plan->column_of[ROLE_SYMBOL] = NO_COLUMN;
    if (plan->column_of[ROLE_TIME] == NO_COLUMN) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: row 1 names no column Date or Datetime", head->path);
    }
    if (plan->adjustment == FEL_ADJUST_RAW) {
        plan->adjustment = layout_find_name(head, 0, "adj close") != NO_COLUMN
                               ? FEL_ADJUST_SPLIT
                               : FEL_ADJUST_TOTAL_RETURN;
    }
    plan->missing = MISSING_ALL_EMPTY;
    FEL_TRY(layout_take_bars(head, plan));
    layout_take_actions(plan);
    return FEL_OK;
}
