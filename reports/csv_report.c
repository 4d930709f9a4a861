/* reports/csv_report.c - the lists of a run as CSV: instants in ISO form (UTC), numbers in the
 * shortest text that reads back as the same bits, empty where there is no number. */
#include <math.h>
#include <stdio.h>

#include "core/outfile.h"
#include "reports/csv_fields_internal.h"

/* ---- files ----------------------------------------------------------------------------------- */

static void equity_rows(const fel_report *r, FILE *f)
{
    const report_equity *e = &r->equity;
    const int is_daily = e->n == r->result.n_equity;
    double peak = r->result.equity[0].equity;
    for (size_t i = 0; i < r->result.n_equity; i++) {
        const fel_equity_point *p = &r->result.equity[i];
        peak = fmax(peak, p->equity);
        csv_time(f, p->time_ns, ',');
        csv_number(f, p->equity, ',');
        csv_number(f, p->cash, ',');
        csv_number(f, p->gross_exposure, ',');
        csv_number(f, p->net_exposure, ',');
        csv_number(f, p->turnover, ',');
        csv_number(f, p->costs, ',');
        csv_number(f, (p->equity - peak) / peak, ',');
        csv_number(f, is_daily && e->benchmark != NULL ? e->benchmark[i] : (double)NAN, '\n');
    }
}

static void trade_rows(const fel_report *r, FILE *f)
{
    for (size_t i = 0; i < r->n_trades; i++) {
        const fel_trade *t = &r->trades[i];
        csv_text(f, report_symbol(r, t->instrument), ',');
        csv_text(f, t->direction > 0 ? "long" : "short", ',');
        csv_text(f, t->is_open ? "open" : "closed", ',');
        csv_time(f, t->entry_time_ns, ',');
        csv_time(f, t->exit_time_ns, ',');
        csv_count(f, t->entry_bar, ',');
        csv_count(f, t->exit_bar, ',');
        csv_number(f, t->quantity, ',');
        csv_number(f, t->entry_price, ',');
        csv_number(f, t->exit_price, ',');
        csv_money(f, t->fees, ',');
        csv_money(f, t->pnl, ',');
        csv_number(f, t->return_fraction, ',');
        csv_number(f, t->mae, ',');
        csv_number(f, t->mfe, ',');
        csv_text(f, fel_reason_name(t->exit_reason), '\n');
    }
}

static const char *target_name(int32_t kind)
{
    return kind == FEL_TARGET_POSITION ? "position" : kind == FEL_TARGET_WEIGHT ? "weight" : "";
}

static const char *tif_name(fel_tif tif)
{
    return tif == FEL_TIF_DAY ? "day" : tif == FEL_TIF_GTD ? "gtd" : "gtc";
}

static const char *side_name(fel_side side)
{
    return side == FEL_SELL ? "sell" : "buy";
}

static void order_rows(const fel_report *r, FILE *f)
{
    for (size_t i = 0; i < r->result.n_orders; i++) {
        const fel_order_record *o = &r->result.orders[i];
        csv_count(f, o->id, ',');
        csv_count(f, o->tag, ',');
        csv_text(f, report_symbol(r, o->instrument), ',');
        csv_text(f, side_name(o->side), ',');
        csv_text(f, fel_order_type_name(o->type), ',');
        csv_text(f, tif_name(o->tif), ',');
        csv_text(f, target_name(o->target_kind), ',');
        csv_number(f, o->target_kind >= 0 ? o->target_amount : (double)NAN, ',');
        csv_number(f, o->quantity, ',');
        csv_number(f, o->filled, ',');
        csv_number(f, o->limit_price, ',');
        csv_number(f, o->stop_price, ',');
        csv_number(f, o->arrival_price, ',');
        csv_number(f, o->average_price, ',');
        csv_time(f, o->submit_time_ns, ',');
        csv_time(f, o->end_time_ns, ',');
        csv_time(f, o->tif == FEL_TIF_GTD ? o->expire_time_ns : FEL_TIME_MAX, ',');
        csv_text(f, fel_order_state_name(o->state), ',');
        csv_text(f, fel_reason_name(o->reason), '\n');
    }
}

static void fill_rows(const fel_report *r, FILE *f)
{
    for (size_t i = 0; i < r->result.n_fills; i++) {
        const fel_fill_record *x = &r->result.fills[i];
        const int is_split = x->order_id == 0 && x->quantity == 0.0;
        csv_count(f, x->order_id, ',');
        csv_time(f, x->time_ns, ',');
        csv_text(f, report_symbol(r, x->instrument), ',');
        csv_text(f, is_split ? "split" : side_name(x->side), ',');
        csv_number(f, x->quantity, ',');
        csv_number(f, is_split ? (double)NAN : x->price, ',');
        csv_number(f, x->reference_price, ',');
        csv_number(f, is_split ? (double)NAN : x->arrival_price, ',');
        csv_money(f, x->fee, ',');
        csv_money(f, x->cash_flow, ',');
        csv_number(f, x->position_after, ',');
        csv_number(f, is_split ? (double)NAN : x->cash_after, ',');
        csv_count(f, x->bar_index, ',');
        csv_text(f, is_split ? "split" : fel_reason_name(x->reason), '\n');
    }
}

static void position_rows(const fel_report *r, FILE *f)
{
    for (size_t i = 0; i < r->result.n_instruments; i++) {
        const fel_position_record *p = &r->result.positions[i];
        csv_text(f, report_symbol(r, p->instrument), ',');
        csv_number(f, p->quantity, ',');
        csv_number(f, p->last_price, ',');
        csv_money(f, p->cost, ',');
        csv_money(f, p->realised, ',');
        csv_money(f, p->unrealised, ',');
        csv_money(f, p->fees, ',');
        csv_money(f, p->dividends, ',');
        csv_number(f, p->turnover, ',');
        csv_count(f, p->n_bars, '\n');
    }
}

static const struct {
    const char *name, *header;
    void (*rows)(const fel_report *report, FILE *file);
} files[] = {
    {"equity.csv",
     "time,equity,cash,gross_exposure,net_exposure,turnover,costs,drawdown,benchmark_equity",
     equity_rows},
    {"trades.csv",
     "instrument,direction,state,entry_time,exit_time,entry_bar,exit_bar,quantity,entry_price,"
     "exit_price,fees,pnl,return,mae,mfe,exit_reason",
     trade_rows},
    {"orders.csv",
     "id,tag,instrument,side,type,time_in_force,target,target_amount,quantity,filled,limit_price,"
     "stop_price,arrival_price,average_price,submit_time,end_time,expire_time,state,reason",
     order_rows},
    {"fills.csv",
     "order_id,time,instrument,side,quantity,price,reference_price,arrival_price,fee,cash_flow,"
     "position_after,cash_after,bar_index,reason",
     fill_rows},
    {"positions.csv",
     "instrument,quantity,last_price,cost,realised,unrealised,fees,dividends,turnover,n_bars",
     position_rows},
};
enum { N_FILES = sizeof(files) / sizeof(files[0]) };

fel_status fel_report_write_csv(const fel_report *report, const char *folder)
{
    for (size_t i = 0; i < N_FILES; i++) {
        outfile file;
        char path[sizeof(file.path)];
        const int length = snprintf(path, sizeof(path), "%s/%s", folder, files[i].name);
        if (length < 0 || (size_t)length >= sizeof(path)) {
            return FEL_RAISE(FEL_ERR_IO, "%s: the path is too long", folder);
        }
        FEL_TRY(outfile_open(&file, path));
        (void)fprintf(file.stream, "%s\n", files[i].header);
        files[i].rows(report, file.stream);
        FEL_TRY(outfile_commit(&file));
    }
    return FEL_OK;
}
