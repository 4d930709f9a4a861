/* reports/json_tables.c - the tables of a report as JSON: costs, trades, fills, orders, positions.
 */
#include "reports/json_internal.h"

enum { MAX_ROWS = 20000 };

static size_t shown_of(size_t n)
{
    return n < MAX_ROWS ? n : MAX_ROWS;
}

json_t *json_exposure(const fel_report *r)
{
    json_part map = json_map_begin();
    json_map_put(&map, "average_gross", json_of_number(r->exposure.average_gross));
    json_map_put(&map, "average_net", json_of_number(r->exposure.average_net));
    json_map_put(&map, "maximum_gross", json_of_number(r->exposure.maximum_gross));
    json_map_put(&map, "time_in_market", json_of_number(r->exposure.time_in_market));
    return json_end(&map);
}

json_t *json_turnover(const fel_report *r)
{
    json_part map = json_map_begin();
    json_map_put(&map, "total", json_of_number(r->exposure.turnover_total));
    json_map_put(&map, "per_year", json_of_number(r->exposure.turnover_per_year));
    return json_end(&map);
}

json_t *json_costs(const fel_report *r)
{
    json_part map = json_map_begin(), list = json_list_begin();
    for (size_t i = 0; i < N_WATERFALL_ROWS; i++) {
        json_part row = json_map_begin();
        json_map_put(&row, "key", json_of_text(r->costs[i].key));
        json_map_put(&row, "label", json_of_text(r->costs[i].label));
        json_map_put(&row, "amount", json_of_number(fel_money_value(r->costs[i].amount)));
        json_map_put(&row, "text", json_of_text(r->costs[i].text));
        json_list_put(&list, json_end(&row));
    }
    json_map_put(&map, "rows", json_end(&list));
    json_map_put(&map, "difference", json_of_text(r->cost_difference));
    return json_end(&map);
}

json_t *json_trade_statistics(const fel_report *r)
{
    json_part list = json_list_begin();
    for (size_t i = 0; i < N_TRADE_STATS; i++) {
        const trade_stat *s = &r->trade_stats[i];
        json_part row = json_map_begin();
        json_map_put(&row, "name", json_of_text(s->name));
        json_map_put(&row, "label", json_of_text(s->label));
        json_map_put(&row, "unit", json_of_text(report_unit_name(s->unit)));
        json_map_put(&row, "all", json_of_number(s->all));
        json_map_put(&row, "long", json_of_number(s->of_long));
        json_map_put(&row, "short", json_of_number(s->of_short));
        json_map_put(&row, "convention", json_of_text(s->convention));
        json_list_put(&list, json_end(&row));
    }
    return json_end(&list);
}

static const char *const trade_columns[] = {
    "instrument", "direction", "is_open",     "entry_time", "exit_time",  "entry_bar",
    "exit_bar",   "quantity",  "entry_price", "exit_price", "fees",       "pnl",
    "return",     "mae",       "mfe",         "days_held",  "exit_reason"};
enum { N_TRADE_COLUMNS = sizeof(trade_columns) / sizeof(trade_columns[0]) };

static json_t *trade_row(const fel_trade *t)
{
    const double days = (double)(t->exit_time_ns - t->entry_time_ns) / (double)FEL_NS_PER_DAY;
    json_part row = json_list_begin();
    json_list_put(&row, json_of_count(t->instrument));
    json_list_put(&row, json_integer(t->direction));
    json_list_put(&row, json_integer(t->is_open));
    json_list_put(&row, json_of_instant(t->entry_time_ns));
    json_list_put(&row, json_of_instant(t->exit_time_ns));
    json_list_put(&row, json_of_count(t->entry_bar));
    json_list_put(&row, json_of_count(t->exit_bar));
    json_list_put(&row, json_of_number(t->quantity));
    json_list_put(&row, json_of_number(t->entry_price));
    json_list_put(&row, json_of_number(t->exit_price));
    json_list_put(&row, json_of_number(fel_money_value(t->fees)));
    json_list_put(&row, json_of_number(fel_money_value(t->pnl)));
    json_list_put(&row, json_of_number(t->return_fraction));
    json_list_put(&row, json_of_number(t->mae));
    json_list_put(&row, json_of_number(t->mfe));
    json_list_put(&row, json_of_number(days));
    json_list_put(&row, json_of_text(fel_reason_name(t->exit_reason)));
    return json_end(&row);
}

json_t *json_trades(const fel_report *r)
{
    const size_t shown = shown_of(r->n_trades);
    json_part map = json_map_begin(), rows = json_list_begin();
    for (size_t i = 0; i < shown; i++) {
        json_list_put(&rows, trade_row(&r->trades[i]));
    }
    json_map_put(&map, "n", json_of_count(r->n_trades - r->n_open_trades));
    json_map_put(&map, "n_open", json_of_count(r->n_open_trades));
    json_map_put(&map, "n_shown", json_of_count(shown));
    json_map_put(&map, "columns", json_of_names(trade_columns, N_TRADE_COLUMNS));
    json_map_put(&map, "rows", json_end(&rows));
    return json_end(&map);
}

/* Splits are in the list of fills too; they are no trades. */
static int is_split(const fel_fill_record *f)
{
    return f->order_id == 0 && f->quantity == 0.0;
}

json_t *json_fills(const fel_report *r)
{
    static const char *const columns[] = {"instrument", "time", "side", "quantity", "price", "fee"};
    json_part map = json_map_begin(), rows = json_list_begin();
    size_t n = 0, shown = 0;
    for (size_t i = 0; i < r->result.n_fills; i++) {
        const fel_fill_record *f = &r->result.fills[i];
        if (is_split(f) || ++n > MAX_ROWS) {
            continue;
        }
        json_part row = json_list_begin();
        json_list_put(&row, json_of_count(f->instrument));
        json_list_put(&row, json_of_instant(f->time_ns));
        json_list_put(&row, json_integer((json_int_t)f->side));
        json_list_put(&row, json_of_number(f->quantity));
        json_list_put(&row, json_of_number(f->price));
        json_list_put(&row, json_of_number(fel_money_value(f->fee)));
        json_list_put(&rows, json_end(&row));
        shown++;
    }
    json_map_put(&map, "n", json_of_count(n));
    json_map_put(&map, "n_shown", json_of_count(shown));
    json_map_put(&map, "columns", json_of_names(columns, sizeof(columns) / sizeof(columns[0])));
    json_map_put(&map, "rows", json_end(&rows));
    return json_end(&map);
}

json_t *json_orders(const fel_report *r)
{
    json_part map = json_map_begin(), list = json_list_begin();
    for (size_t i = 0; i < r->orders.n_rows; i++) {
        const report_reason_count *c = &r->orders.rows[i];
        json_part row = json_map_begin();
        json_map_put(&row, "state", json_of_text(fel_order_state_name(c->state)));
        json_map_put(&row, "reason", json_of_text(fel_reason_name(c->reason)));
        json_map_put(&row, "n", json_of_count(c->n));
        json_list_put(&list, json_end(&row));
    }
    json_map_put(&map, "n", json_of_count(r->result.n_orders_total));
    json_map_put(&map, "by_reason", json_end(&list));
    return json_end(&map);
}

json_t *json_positions(const fel_report *r)
{
    static const char *const columns[] = {"instrument", "quantity",  "last_price",
                                          "value",      "realised",  "unrealised",
                                          "fees",       "dividends", "turnover"};
    json_part map = json_map_begin(), rows = json_list_begin();
    for (uint32_t i = 0; i < r->result.n_instruments; i++) {
        const fel_position_record *p = &r->result.positions[i];
        const double value = p->quantity * p->last_price * r->result.instruments[i].multiplier;
        json_part row = json_list_begin();
        json_list_put(&row, json_of_count(i));
        json_list_put(&row, json_of_number(p->quantity));
        json_list_put(&row, json_of_number(p->last_price));
        json_list_put(&row, json_of_number(p->quantity == 0.0 ? 0.0 : value));
        json_list_put(&row, json_of_number(fel_money_value(p->realised)));
        json_list_put(&row, json_of_number(fel_money_value(p->unrealised)));
        json_list_put(&row, json_of_number(fel_money_value(p->fees)));
        json_list_put(&row, json_of_number(fel_money_value(p->dividends)));
        json_list_put(&row, json_of_number(p->turnover));
        json_list_put(&rows, json_end(&row));
    }
    json_map_put(&map, "columns", json_of_names(columns, sizeof(columns) / sizeof(columns[0])));
    json_map_put(&map, "rows", json_end(&rows));
    return json_end(&map);
}

json_t *json_variants(const fel_report *r)
{
    json_part list = json_list_begin();
    for (size_t i = 0; i < r->n_variants; i++) {
        const fel_report_variant *v = &r->variants[i];
        json_part map = json_map_begin();
        json_map_put(&map, "name", json_of_text(v->name));
        json_map_put(&map, "final_equity", json_of_number(v->final_equity));
        json_map_put(&map, "annual_return", json_of_number(v->annual_return));
        json_map_put(&map, "volatility", json_of_number(v->volatility));
        json_map_put(&map, "sharpe", json_of_number(v->sharpe));
        json_map_put(&map, "max_drawdown", json_of_number(v->max_drawdown));
        json_map_put(&map, "turnover", json_of_number(v->turnover));
        json_map_put(&map, "costs", json_of_number(v->costs));
        json_map_put(&map, "n_trades", json_of_count(v->n_trades));
        json_map_put(&map, "order_hash", json_of_text(v->order_hash));
        json_list_put(&list, json_end(&map));
    }
    return json_end(&list);
}
