/* reports/csv_report.c - the lists of a run as CSV: instants in ISO form (UTC), numbers in the
 * shortest text that reads back as the same bits, empty where there is no number. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/number.h"
#include "core/outfile.h"
#include "reports/report_model_internal.h"

/* ---- fields: each ends with its separator ---------------------------------------------------- */

static void put_text(FILE *f, const char *text, char end)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        (void)fprintf(f, "%s%c", text, end);
        return;
    }
    (void)fputc('"', f);
    for (const char *c = text; *c != '\0'; c++) {
        (void)fprintf(f, *c == '"' ? "\"\"" : "%c", *c);
    }
    (void)fprintf(f, "\"%c", end);
}

static void put_number(FILE *f, double value, char end)
{
    char text[NUMBER_TEXT_SIZE] = "";
    if (isfinite(value)) {
        number_format(value, text, sizeof(text));
    }
    (void)fprintf(f, "%s%c", text, end);
}

static void put_money(FILE *f, fel_money value, char end)
{
    put_number(f, fel_money_value(value), end);
}

static void put_count(FILE *f, uint64_t n, char end)
{
    (void)fprintf(f, "%llu%c", (unsigned long long)n, end);
}

static void put_time(FILE *f, int64_t time_ns, char end)
{
    char text[40] = "";
    if (time_ns != FEL_TIME_MAX && time_ns != FEL_TIME_MIN) {
        fel_time_format(time_ns, text, sizeof(text));
    }
    put_text(f, text, end);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void equity_rows(const fel_report *r, FILE *f)
{
    const report_equity *e = &r->equity;
    const int is_daily = e->n == r->result.n_equity;
    double peak = r->result.equity[0].equity;
    for (size_t i = 0; i < r->result.n_equity; i++) {
        const fel_equity_point *p = &r->result.equity[i];
        peak = fmax(peak, p->equity);
        put_time(f, p->time_ns, ',');
        put_number(f, p->equity, ',');
        put_number(f, p->cash, ',');
        put_number(f, p->gross_exposure, ',');
        put_number(f, p->net_exposure, ',');
        put_number(f, p->turnover, ',');
        put_number(f, p->costs, ',');
        put_number(f, (p->equity - peak) / peak, ',');
        put_number(f, is_daily && e->benchmark != NULL ? e->benchmark[i] : (double)NAN, '\n');
    }
}

static void trade_rows(const fel_report *r, FILE *f)
{
    for (size_t i = 0; i < r->n_trades; i++) {
        const fel_trade *t = &r->trades[i];
        put_text(f, report_symbol(r, t->instrument), ',');
        put_text(f, t->direction > 0 ? "long" : "short", ',');
        put_text(f, t->is_open ? "open" : "closed", ',');
        put_time(f, t->entry_time_ns, ',');
        put_time(f, t->exit_time_ns, ',');
        put_count(f, t->entry_bar, ',');
        put_count(f, t->exit_bar, ',');
        put_number(f, t->quantity, ',');
        put_number(f, t->entry_price, ',');
        put_number(f, t->exit_price, ',');
        put_money(f, t->fees, ',');
        put_money(f, t->pnl, ',');
        put_number(f, t->return_fraction, ',');
        put_number(f, t->mae, ',');
        put_number(f, t->mfe, ',');
        put_text(f, fel_reason_name(t->exit_reason), '\n');
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
        put_count(f, o->id, ',');
        put_count(f, o->tag, ',');
        put_text(f, report_symbol(r, o->instrument), ',');
        put_text(f, side_name(o->side), ',');
        put_text(f, fel_order_type_name(o->type), ',');
        put_text(f, tif_name(o->tif), ',');
        put_text(f, target_name(o->target_kind), ',');
        put_number(f, o->target_kind >= 0 ? o->target_amount : (double)NAN, ',');
        put_number(f, o->quantity, ',');
        put_number(f, o->filled, ',');
        put_number(f, o->limit_price, ',');
        put_number(f, o->stop_price, ',');
        put_number(f, o->arrival_price, ',');
        put_number(f, o->average_price, ',');
        put_time(f, o->submit_time_ns, ',');
        put_time(f, o->end_time_ns, ',');
        put_time(f, o->tif == FEL_TIF_GTD ? o->expire_time_ns : FEL_TIME_MAX, ',');
        put_text(f, fel_order_state_name(o->state), ',');
        put_text(f, fel_reason_name(o->reason), '\n');
    }
}

static void fill_rows(const fel_report *r, FILE *f)
{
    for (size_t i = 0; i < r->result.n_fills; i++) {
        const fel_fill_record *x = &r->result.fills[i];
        const int is_split = x->order_id == 0 && x->quantity == 0.0;
        put_count(f, x->order_id, ',');
        put_time(f, x->time_ns, ',');
        put_text(f, report_symbol(r, x->instrument), ',');
        put_text(f, is_split ? "split" : side_name(x->side), ',');
        put_number(f, x->quantity, ',');
        put_number(f, is_split ? (double)NAN : x->price, ',');
        put_number(f, x->reference_price, ',');
        put_number(f, is_split ? (double)NAN : x->arrival_price, ',');
        put_money(f, x->fee, ',');
        put_money(f, x->cash_flow, ',');
        put_number(f, x->position_after, ',');
        put_number(f, is_split ? (double)NAN : x->cash_after, ',');
        put_count(f, x->bar_index, ',');
        put_text(f, is_split ? "split" : fel_reason_name(x->reason), '\n');
    }
}

static void position_rows(const fel_report *r, FILE *f)
{
    for (size_t i = 0; i < r->result.n_instruments; i++) {
        const fel_position_record *p = &r->result.positions[i];
        put_text(f, report_symbol(r, p->instrument), ',');
        put_number(f, p->quantity, ',');
        put_number(f, p->last_price, ',');
        put_money(f, p->cost, ',');
        put_money(f, p->realised, ',');
        put_money(f, p->unrealised, ',');
        put_money(f, p->fees, ',');
        put_money(f, p->dividends, ',');
        put_number(f, p->turnover, ',');
        put_count(f, p->n_bars, '\n');
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
