/* reports/report_trades.c - the trades table and its statistics. */
#include "reports/report_model_internal.h"

fel_status report_fill_trades(fel_report *r)
{
    FEL_TRY(fel_trades_match(&r->result, &r->trades, &r->n_trades));
    for (size_t i = 0; i < r->n_trades; i++) {
        r->n_open_trades += (size_t)(r->trades[i].is_open != 0);
    }
    trade_statistics(r->trades, r->n_trades, r->trade_stats);
    return FEL_OK;
}
