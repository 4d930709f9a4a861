/* reports/json_tables.c - the tables of a report as JSON: costs, trades, fills, orders, positions.
 */
#include "reports/simulation_internal.h"

enum { MAX_ROWS = 20000 };

void json_exposure(json_writer *w, const fel_report *r)
{
    json_map_begin(w, NULL);
    json_put_number(w, "average_gross", r->exposure.average_gross);
    json_put_number(w, "average_net", r->exposure.average_net);
    json_put_number(w, "maximum_gross", r->exposure.maximum_gross);
    json_put_number(w, "time_in_market", r->exposure.time_in_market);
    json_map_end(w);
}

void json_turnover(json_writer *w, const fel_report *r)
{
    json_map_begin(w, NULL);
    json_put_number(w, "total", r->exposure.turnover_total);
    json_put_number(w, "per_year", r->exposure.turnover_per_year);
    json_map_end(w);
}

void json_costs(json_writer *w, const fel_report *r)
{
    json_map_begin(w, NULL);
    json_list_begin(w, "rows");
    for (size_t i = 0; i < N_WATERFALL_ROWS; i++) {
        json_map_begin(w, NULL);
        json_put_text(w, "key", r->costs[i].key);
        json_put_text(w, "label", r->costs[i].label);
        json_put_money(w, "amount", r->costs[i].amount);
        json_put_text(w, "text", r->costs[i].text);
        json_map_end(w);
    }
    json_list_end(w);
    json_put_text(w, "difference", r->cost_difference);
    json_map_end(w);
}

void json_trade_statistics(json_writer *w, const fel_report *r)
{
    json_list_begin(w, NULL);
    for (size_t i = 0; i < N_TRADE_STATS; i++) {
        const trade_stat *s = &r->trade_stats[i];
        json_map_begin(w, NULL);
        json_put_text(w, "name", s->name);
        json_put_text(w, "label", s->label);
        json_put_text(w, "unit", report_unit_name(s->unit));
        json_put_number(w, "all", s->all);
        json_put_number(w, "long", s->of_long);
        json_put_number(w, "short", s->of_short);
        json_put_text(w, "convention", s->convention);
        json_map_end(w);
    }
    json_list_end(w);
}

static const char *const trade_columns[] = {
    "instrument", "direction", "is_open",     "entry_time", "exit_time",  "entry_bar",
    "exit_bar",   "quantity",  "entry_price", "exit_price", "fees",       "pnl",
    "return",     "mae",       "mfe",         "days_held",  "exit_reason"};
enum { N_TRADE_COLUMNS = sizeof(trade_columns) / sizeof(trade_columns[0]) };

static void put_trade(json_writer *w, const fel_trade *t)
{
    const double days = (double)(t->exit_time_ns - t->entry_time_ns) / (double)FEL_NS_PER_DAY;
    json_list_begin(w, NULL);
    json_put_count(w, NULL, t->instrument);
    json_put_integer(w, NULL, t->direction);
    json_put_integer(w, NULL, t->is_open);
    json_put_instant(w, NULL, t->entry_time_ns);
    json_put_instant(w, NULL, t->exit_time_ns);
    json_put_count(w, NULL, t->entry_bar);
    json_put_count(w, NULL, t->exit_bar);
    json_put_number(w, NULL, t->quantity);
    json_put_number(w, NULL, t->entry_price);
    json_put_number(w, NULL, t->exit_price);
    json_put_money(w, NULL, t->fees);
    json_put_money(w, NULL, t->pnl);
    json_put_number(w, NULL, t->return_fraction);
    json_put_number(w, NULL, t->mae);
    json_put_number(w, NULL, t->mfe);
    json_put_number(w, NULL, days);
    json_put_text(w, NULL, fel_reason_name(t->exit_reason));
    json_list_end(w);
}

void json_trades(json_writer *w, const fel_report *r)
{
    const size_t shown = r->n_trades < MAX_ROWS ? r->n_trades : MAX_ROWS;
    json_map_begin(w, NULL);
    json_put_count(w, "n", r->n_trades - r->n_open_trades);
    json_put_count(w, "n_open", r->n_open_trades);
    json_put_count(w, "n_shown", shown);
    json_put_table_head(w, trade_columns, N_TRADE_COLUMNS);
    json_list_begin(w, "rows");
    for (size_t i = 0; i < shown; i++) {
        put_trade(w, &r->trades[i]);
    }
    json_list_end(w);
    json_map_end(w);
}

/* Splits are in the list of fills too; they are no trades. */
static int is_split(const fel_fill_record *f)
{
    return f->order_id == 0 && f->quantity == 0.0;
}

static void put_fill(json_writer *w, const fel_fill_record *f)
{
    json_list_begin(w, NULL);
    json_put_count(w, NULL, f->instrument);
    json_put_instant(w, NULL, f->time_ns);
    json_put_integer(w, NULL, f->side);
    json_put_number(w, NULL, f->quantity);
    json_put_number(w, NULL, f->price);
    json_put_money(w, NULL, f->fee);
    json_list_end(w);
}

void json_fills(json_writer *w, const fel_report *r)
{
    static const char *const columns[] = {"instrument", "time", "side", "quantity", "price", "fee"};
    const fel_fill_record *fills = r->result.fills;
    size_t n = 0, shown = 0;
    for (size_t i = 0; i < r->result.n_fills; i++) {
        n += !is_split(&fills[i]);
    }
    json_map_begin(w, NULL);
    json_put_count(w, "n", n);
    json_put_count(w, "n_shown", n < MAX_ROWS ? n : MAX_ROWS);
    json_put_table_head(w, columns, sizeof(columns) / sizeof(columns[0]));
    json_list_begin(w, "rows");
    for (size_t i = 0; i < r->result.n_fills && shown < MAX_ROWS; i++) {
        if (!is_split(&fills[i])) {
            put_fill(w, &fills[i]);
            shown++;
        }
    }
    json_list_end(w);
    json_map_end(w);
}

void json_orders(json_writer *w, const fel_report *r)
{
    json_map_begin(w, NULL);
    json_put_count(w, "n", r->result.n_orders_total);
    json_list_begin(w, "by_reason");
    for (size_t i = 0; i < r->orders.n_rows; i++) {
        const report_reason_count *c = &r->orders.rows[i];
        json_map_begin(w, NULL);
        json_put_text(w, "state", fel_order_state_name(c->state));
        json_put_text(w, "reason", fel_reason_name(c->reason));
        json_put_count(w, "n", c->n);
        json_map_end(w);
    }
    json_list_end(w);
    json_map_end(w);
}

void json_positions(json_writer *w, const fel_report *r)
{
    static const char *const columns[] = {"instrument", "quantity",  "last_price",
                                          "value",      "realised",  "unrealised",
                                          "fees",       "dividends", "turnover"};
    json_map_begin(w, NULL);
    json_put_table_head(w, columns, sizeof(columns) / sizeof(columns[0]));
    json_list_begin(w, "rows");
    for (uint32_t i = 0; i < r->result.n_instruments; i++) {
        const fel_position_record *p = &r->result.positions[i];
        const double value = p->quantity * p->last_price * r->result.instruments[i].multiplier;
        json_list_begin(w, NULL);
        json_put_count(w, NULL, i);
        json_put_number(w, NULL, p->quantity);
        json_put_number(w, NULL, p->last_price);
        json_put_number(w, NULL, p->quantity == 0.0 ? 0.0 : value);
        json_put_money(w, NULL, p->realised);
        json_put_money(w, NULL, p->unrealised);
        json_put_money(w, NULL, p->fees);
        json_put_money(w, NULL, p->dividends);
        json_put_number(w, NULL, p->turnover);
        json_list_end(w);
    }
    json_list_end(w);
    json_map_end(w);
}

void json_put_variant(json_writer *w, const fel_report_variant *v)
{
    json_put_number(w, "final_equity", v->final_equity);
    json_put_number(w, "annual_return", v->annual_return);
    json_put_number(w, "volatility", v->volatility);
    json_put_number(w, "sharpe", v->sharpe);
    json_put_number(w, "max_drawdown", v->max_drawdown);
    json_put_number(w, "turnover", v->turnover);
    json_put_number(w, "costs", v->costs);
    json_put_count(w, "n_trades", v->n_trades);
    json_put_text(w, "order_hash", v->order_hash);
}

void json_variants(json_writer *w, const fel_report *r)
{
    json_list_begin(w, NULL);
    for (size_t i = 0; i < r->n_variants; i++) {
        json_map_begin(w, NULL);
        json_put_text(w, "name", r->variants[i].name);
        json_put_variant(w, &r->variants[i]);
        json_map_end(w);
    }
    json_list_end(w);
}
