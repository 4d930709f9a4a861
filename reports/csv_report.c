/* reports/csv_report.c - the lists of a run as CSV: instants in ISO form (UTC), numbers in the
 * shortest text that reads back as the same bits, empty where there is no number. */
#include <math.h>

#include "reports/csv_fields_internal.h"
#include "reports/report_internal.h"

static void begin(text_out *out, FILE *stream, const char *header)
{
    text_out_begin(out, stream);
    csv_word(out, header, '\n');
}

static fel_status end(text_out *out)
{
    text_out_flush(out);
    return FEL_OK;
}

/* In margin accounts. */
static int has_margin(const fel_result *r)
{
    size_t i = 0;
    while (i < r->n_equity && r->equity[i].margin == 0.0) {
        i++;
    }
    return i < r->n_equity;
}

fel_status csv_put_equity(const fel_report *r, FILE *stream)
{
    text_out out;
    const int is_levered = has_margin(&r->result);
    begin(&out, stream,
          is_levered ? "time,equity,cash,gross_exposure,net_exposure,turnover,costs,drawdown,"
                       "benchmark_equity,margin"
                     : "time,equity,cash,gross_exposure,net_exposure,turnover,costs,drawdown,"
                       "benchmark_equity");
    const report_equity *e = &r->equity;
    const int is_daily = e->n == r->result.n_equity;
    double peak = r->result.equity[0].equity;
    for (size_t i = 0; i < r->result.n_equity; i++) {
        const fel_equity_point *p = &r->result.equity[i];
        peak = fmax(peak, p->equity);
        csv_time(&out, p->time_ns, ',');
        csv_number(&out, p->equity, ',');
        csv_number(&out, p->cash, ',');
        csv_number(&out, p->gross_exposure, ',');
        csv_number(&out, p->net_exposure, ',');
        csv_number(&out, p->turnover, ',');
        csv_number(&out, p->costs, ',');
        csv_number(&out, (p->equity - peak) / peak, ',');
        csv_number(&out, is_daily && e->benchmark != NULL ? e->benchmark[i] : (double)NAN,
                   is_levered ? ',' : '\n');
        if (is_levered) {
            csv_number(&out, p->margin, '\n');
        }
    }
    return end(&out);
}

fel_status csv_put_trades(const fel_report *r, FILE *stream)
{
    text_out out;
    begin(&out, stream,
          "instrument,direction,state,entry_time,exit_time,entry_bar,exit_bar,quantity,entry_price,"
          "exit_price,fees,pnl,return,mae,mfe,exit_reason");
    for (size_t i = 0; i < r->n_trades; i++) {
        const fel_trade *t = &r->trades[i];
        csv_text(&out, report_symbol(r, t->instrument), ',');
        csv_word(&out, t->direction > 0 ? "long" : "short", ',');
        csv_word(&out, t->is_open ? "open" : "closed", ',');
        csv_time(&out, t->entry_time_ns, ',');
        csv_time(&out, t->exit_time_ns, ',');
        csv_count(&out, t->entry_bar, ',');
        csv_count(&out, t->exit_bar, ',');
        csv_number(&out, t->quantity, ',');
        csv_number(&out, t->entry_price, ',');
        csv_number(&out, t->exit_price, ',');
        csv_money(&out, t->fees, ',');
        csv_money(&out, t->pnl, ',');
        csv_number(&out, t->return_fraction, ',');
        csv_number(&out, t->mae, ',');
        csv_number(&out, t->mfe, ',');
        csv_word(&out, fel_reason_name(t->exit_reason), '\n');
    }
    return end(&out);
}

static const char *target_name(int32_t kind)
{
    static const char *const words[] = {"position", "weight", "spend"};
    return kind >= 0 && (size_t)kind < sizeof(words) / sizeof(words[0]) ? words[kind] : "";
}

static const char *trail_unit_name(const fel_order_record *o)
{
    const int is_percent = o->trail_unit == FEL_TRAIL_PERCENT;
    return o->type != FEL_ORDER_TRAILING_STOP ? "" : is_percent ? "percent" : "amount";
}

/* Of an order or a group; none is nothing. */
static void csv_id(text_out *out, uint64_t id, char separator)
{
    if (id == 0) {
        csv_word(out, "", separator);
    } else {
        csv_count(out, id, separator);
    }
}

static const char *tif_name(fel_tif tif)
{
    static const char *const words[] = {"gtc", "day", "gtd", "ioc", "fok"};
    return (size_t)tif < sizeof(words) / sizeof(words[0]) ? words[tif] : "?";
}

static const char *side_name(fel_side side)
{
    return side == FEL_SELL ? "sell" : "buy";
}

fel_status csv_put_orders(const fel_report *r, FILE *stream)
{
    text_out out;
    begin(
        &out, stream,
        "id,tag,instrument,side,type,time_in_force,target,target_amount,quantity,filled,limit_price,"
        "stop_price,arrival_price,average_price,submit_time,end_time,expire_time,state,reason,"
        "trail,trail_unit,parent_id,group");
    for (size_t i = 0; i < r->result.n_orders; i++) {
        const fel_order_record *o = &r->result.orders[i];
        csv_count(&out, o->id, ',');
        csv_count(&out, o->tag, ',');
        csv_text(&out, report_symbol(r, o->instrument), ',');
        csv_word(&out, side_name(o->side), ',');
        csv_word(&out, fel_order_type_name(o->type), ',');
        csv_word(&out, tif_name(o->tif), ',');
        csv_word(&out, target_name(o->target_kind), ',');
        csv_number(&out, o->target_kind >= 0 ? o->target_amount : (double)NAN, ',');
        csv_number(&out, o->quantity, ',');
        csv_number(&out, o->filled, ',');
        csv_number(&out, o->limit_price, ',');
        csv_number(&out, o->stop_price, ',');
        csv_number(&out, o->arrival_price, ',');
        csv_number(&out, o->average_price, ',');
        csv_time(&out, o->submit_time_ns, ',');
        csv_time(&out, o->end_time_ns, ',');
        csv_time(&out, o->tif == FEL_TIF_GTD ? o->expire_time_ns : FEL_TIME_MAX, ',');
        csv_word(&out, fel_order_state_name(o->state), ',');
        csv_word(&out, fel_reason_name(o->reason), ',');
        csv_number(&out, o->type == FEL_ORDER_TRAILING_STOP ? o->trail : (double)NAN, ',');
        csv_word(&out, trail_unit_name(o), ',');
        csv_id(&out, o->parent_id, ',');
        csv_id(&out, o->group, '\n');
    }
    return end(&out);
}

fel_status csv_put_order_events(const fel_report *r, FILE *stream)
{
    text_out out;
    begin(&out, stream, "order_id,time,instrument,state,reason,quantity,filled");
    for (size_t i = 0; i < r->result.n_order_events; i++) {
        const fel_order_event *event = &r->result.order_events[i];
        csv_count(&out, event->order_id, ',');
        csv_time(&out, event->time_ns, ',');
        csv_text(&out, report_symbol(r, event->instrument), ',');
        csv_word(&out, fel_order_state_name(event->state), ',');
        csv_word(&out, fel_reason_name(event->reason), ',');
        csv_number(&out, event->quantity, ',');
        csv_number(&out, event->filled, '\n');
    }
    return end(&out);
}

fel_status csv_put_fills(const fel_report *r, FILE *stream)
{
    text_out out;
    begin(
        &out, stream,
        "order_id,time,instrument,side,quantity,price,reference_price,arrival_price,fee,cash_flow,"
        "position_after,cash_after,bar_index,reason");
    for (size_t i = 0; i < r->result.n_fills; i++) {
        const fel_fill_record *x = &r->result.fills[i];
        const int is_split = x->order_id == 0 && x->quantity == 0.0;
        csv_count(&out, x->order_id, ',');
        csv_time(&out, x->time_ns, ',');
        csv_text(&out, report_symbol(r, x->instrument), ',');
        csv_word(&out, is_split ? "split" : side_name(x->side), ',');
        csv_number(&out, x->quantity, ',');
        csv_number(&out, is_split ? (double)NAN : x->price, ',');
        csv_number(&out, x->reference_price, ',');
        csv_number(&out, is_split ? (double)NAN : x->arrival_price, ',');
        csv_money(&out, x->fee, ',');
        csv_money(&out, x->cash_flow, ',');
        csv_number(&out, x->position_after, ',');
        csv_number(&out, is_split ? (double)NAN : x->cash_after, ',');
        csv_count(&out, x->bar_index, ',');
        csv_word(&out, is_split ? "split" : fel_reason_name(x->reason), '\n');
    }
    return end(&out);
}

fel_status csv_put_positions(const fel_report *r, FILE *stream)
{
    text_out out;
    begin(&out, stream,
          "instrument,quantity,last_price,cost,realised,unrealised,fees,dividends,turnover,n_bars");
    for (size_t i = 0; i < r->result.n_instruments; i++) {
        const fel_position_record *p = &r->result.positions[i];
        csv_text(&out, report_symbol(r, p->instrument), ',');
        csv_number(&out, p->quantity, ',');
        csv_number(&out, p->last_price, ',');
        csv_money(&out, p->cost, ',');
        csv_money(&out, p->realised, ',');
        csv_money(&out, p->unrealised, ',');
        csv_money(&out, p->fees, ',');
        csv_money(&out, p->dividends, ',');
        csv_number(&out, p->turnover, ',');
        csv_count(&out, p->n_bars, '\n');
    }
    return end(&out);
}
