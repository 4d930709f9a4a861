/* reports/text_tables.c - the terminal report's tables: trades, drawdowns, months, orders,
 * positions. */
#include <math.h>

#include "reports/text_internal.h"

enum { MOST_POSITIONS = 12, MOST_VARIANTS = 15 };

void text_trades(const fel_report *r, FILE *f)
{
    text_heading(f, "Trades");
    if (r->n_trades == 0) {
        (void)fprintf(f, "none\n");
        return;
    }
    (void)fprintf(f, "%-30s%20s%20s%20s\n", "", "all", "long", "short");
    for (size_t i = 0; i < N_TRADE_STATS; i++) {
        const trade_stat *s = &r->trade_stats[i];
        char all[TEXT_VALUE_SIZE], of_long[TEXT_VALUE_SIZE], of_short[TEXT_VALUE_SIZE];
        text_value(r, s->unit, s->all, all);
        text_value(r, s->unit, s->of_long, of_long);
        text_value(r, s->unit, s->of_short, of_short);
        (void)fprintf(f, "%-30s%20s%20s%20s\n", s->label, all, of_long, of_short);
    }
    if (r->n_open_trades > 0) {
        (void)fprintf(f, "%zu still open, not counted above\n", r->n_open_trades);
    }
}

void text_drawdowns(const fel_report *r, FILE *f)
{
    text_heading(f, "Worst drawdowns");
    if (r->n_drawdowns == 0) {
        (void)fprintf(f, "none\n");
        return;
    }
    (void)fprintf(f, "%10s  %-12s%-12s%-14s%10s%12s%10s\n", "depth", "peak", "trough", "recovery",
                  "days down", "days back", "in all");
    for (size_t i = 0; i < r->n_drawdowns; i++) {
        const report_drawdown *d = &r->drawdowns[i];
        char depth[TEXT_VALUE_SIZE], back[32] = "-";
        text_value(r, FEL_UNIT_FRACTION, d->depth, depth);
        if (d->is_recovered) {
            (void)snprintf(back, sizeof(back), "%lld", (long long)d->recovery_days);
        }
        (void)fprintf(f, "%10s  %-12s%-12s%-14s%10lld%12s%10lld\n", depth, r->equity.day[d->peak],
                      r->equity.day[d->trough],
                      d->is_recovered ? r->equity.day[d->recovery] : "not yet",
                      (long long)d->down_days, back, (long long)d->total_days);
    }
}

/* A month's return in percent, "" where there is none. */
static void month_cell(FILE *f, double value, int width)
{
    char text[32] = "";
    if (isfinite(value)) {
        (void)snprintf(text, sizeof(text), fabs(value) < 10.0 ? "%.1f" : "%.2g", 100.0 * value);
    }
    (void)fprintf(f, "%*s", width, text);
}

void text_months(const fel_report *r, FILE *f)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const report_monthly *m = &r->monthly;
    if (m->n_years == 0) {
        return;
    }
    text_heading(f, "Monthly returns, percent");
    (void)fprintf(f, "%4s", "");
    for (size_t k = 0; k < 12; k++) {
        (void)fprintf(f, "%7s", names[k]);
    }
    (void)fprintf(f, "%9s\n", "year");
    for (size_t y = 0; y < m->n_years; y++) {
        (void)fprintf(f, "%4d", m->year[y]);
        for (size_t k = 0; k < 12; k++) {
            month_cell(f, m->month[y][k], 7);
        }
        month_cell(f, m->year_return[y], 9);
        (void)fputc('\n', f);
    }
}

void text_orders(const fel_report *r, FILE *f)
{
    if (r->orders.n_rows == 0) {
        return;
    }
    text_heading(f, "Orders by how they ended");
    for (size_t i = 0; i < r->orders.n_rows; i++) {
        const report_reason_count *c = &r->orders.rows[i];
        char count[TEXT_VALUE_SIZE];
        text_value(r, FEL_UNIT_COUNT, (double)c->n, count);
        (void)fprintf(f, "%-12s%-28s%12s\n", fel_order_state_name(c->state),
                      fel_reason_name(c->reason), count);
    }
}

void text_positions(const fel_report *r, FILE *f)
{
    size_t n_held = 0;
    for (size_t i = 0; i < r->result.n_instruments; i++) {
        n_held += r->result.positions[i].quantity != 0.0;
    }
    if (n_held == 0) {
        return;
    }
    text_heading(f, "Positions at the end");
    (void)fprintf(f, "%-20s%18s%18s%20s%20s\n", "", "quantity", "last price", "value",
                  "unrealised");
    size_t shown = 0;
    for (size_t i = 0; i < r->result.n_instruments && shown < MOST_POSITIONS; i++) {
        const fel_position_record *p = &r->result.positions[i];
        char value[TEXT_VALUE_SIZE], unrealised[TEXT_VALUE_SIZE];
        if (p->quantity == 0.0) {
            continue;
        }
        text_value(r, FEL_UNIT_MONEY,
                   p->quantity * p->last_price * r->result.instruments[i].multiplier, value);
        text_value(r, FEL_UNIT_MONEY, fel_money_value(p->unrealised), unrealised);
        (void)fprintf(f, "%-20.19s%18.8g%18.8g%20s%20s\n", report_symbol(r, p->instrument),
                      p->quantity, p->last_price, value, unrealised);
        shown++;
    }
    if (n_held > shown) {
        (void)fprintf(f, "and %zu more\n", n_held - shown);
    }
}

void text_variants(const fel_report *r, FILE *f)
{
    if (r->n_variants == 0) {
        return;
    }
    text_heading(f, "Variants, best first");
    (void)fprintf(f, "%-46s%16s%10s%10s%9s%9s\n", "", "final equity", "a year", "drawdown",
                  "Sharpe", "trades");
    const size_t shown = r->n_variants < MOST_VARIANTS ? r->n_variants : MOST_VARIANTS;
    for (size_t i = 0; i < shown; i++) {
        const fel_report_variant *v = &r->variants[i];
        char equity[TEXT_VALUE_SIZE], a_year[TEXT_VALUE_SIZE], drawdown[TEXT_VALUE_SIZE];
        text_value(r, FEL_UNIT_MONEY, v->final_equity, equity);
        text_value(r, FEL_UNIT_FRACTION, v->annual_return, a_year);
        text_value(r, FEL_UNIT_FRACTION, v->max_drawdown, drawdown);
        (void)fprintf(f, "%-45.45s %16s%10s%10s%9.3f%9llu\n", v->name, equity, a_year, drawdown,
                      v->sharpe, (unsigned long long)v->n_trades);
    }
    if (r->n_variants > shown) {
        (void)fprintf(f, "and %zu more\n", r->n_variants - shown);
    }
}
