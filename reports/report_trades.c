/* reports/report_trades.c - the trades table and its statistics. */
#include <stdlib.h>
#include <string.h>

#include "reports/report_model_internal.h"

fel_status report_fill_trades(fel_report *r)
{
    fel_trade *trades = NULL;
    void *copy;
    FEL_TRY(fel_trades_match(&r->result, &trades, &r->n_trades));
    const fel_status status = report_alloc(r, r->n_trades, sizeof(fel_trade), &copy);
    if (status == FEL_OK) {
        r->trades = copy;
        if (r->n_trades > 0) {
            memcpy(r->trades, trades, r->n_trades * sizeof(fel_trade));
        }
    }
    free(trades);
    for (size_t i = 0; status == FEL_OK && i < r->n_trades; i++) {
        r->n_open_trades += (size_t)(r->trades[i].is_open != 0);
    }
    if (status == FEL_OK) {
        trade_statistics(r->trades, r->n_trades, r->trade_stats);
    }
    return status;
}
