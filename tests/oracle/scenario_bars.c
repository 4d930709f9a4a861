/* tests/oracle/scenario_bars.c - see scenario_bars.h. */
#include "tests/oracle/scenario_bars.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"

int scenario_bars_read(scenario_bars *out, const char *relative, int by_date)
{
    static const char *const columns[FEL_BAR_COLUMNS] = {"Open", "High", "Low", "Close", "Volume"};
    oracle_table table;
    memset(out, 0, sizeof(*out));
    if (!oracle_table_read(&table, relative)) {
        return 0;
    }
    out->n = table.rows;
    out->close_ns = calloc(table.rows + 1, sizeof(int64_t));
    out->rows = calloc(table.rows + 1, FEL_BAR_COLUMNS * sizeof(double));
    for (size_t i = 0; i < table.rows; i++) {
        int64_t day_ns = DAYS(i);
        if (by_date) {
            CHECK_OK(fel_time_parse(oracle_cell(&table, i, table.header[0]), "UTC", &day_ns));
        }
        out->close_ns[i] = day_ns + FEL_NS_PER_DAY;
        for (size_t c = 0; c < FEL_BAR_COLUMNS; c++) {
            CHECK(number_parse(oracle_cell(&table, i, columns[c]),
                               &out->rows[i * FEL_BAR_COLUMNS + c]));
        }
    }
    oracle_table_clear(&table);
    return 1;
}

void scenario_bars_clear(scenario_bars *bars)
{
    free(bars->close_ns);
    free(bars->rows);
}

void scenario_market(market *m, const scenario_bars *bars, double ticks_per_unit)
{
    fel_series_info info = bars_info("A", FEL_NS_PER_DAY);
    info.instrument.lot = 1.0;
    info.instrument.ticks_per_unit = ticks_per_unit;
    market_add(m, &info, bars->close_ns, NULL, bars->rows, bars->n);
}

fel_equity_point scenario_point(const fel_result *r, int64_t time_ns)
{
    const double none = (double)NAN;
    const fel_equity_point empty = {.time_ns = time_ns,
                                    .equity = none,
                                    .cash = none,
                                    .gross_exposure = none,
                                    .net_exposure = none,
                                    .turnover = none,
                                    .costs = none};
    size_t low = 0, high = r->n_equity;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        low = r->equity[middle].time_ns < time_ns ? middle + 1 : low;
        high = r->equity[middle].time_ns < time_ns ? high : middle;
    }
    return low < r->n_equity && r->equity[low].time_ns == time_ns ? r->equity[low] : empty;
}
