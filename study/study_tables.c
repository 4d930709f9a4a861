/* study/study_tables.c - variants.csv, windows.csv, and equity.csv where there is no report. */
#include <stdio.h>

#include "core/csv_out.h"
#include "study/study_folder_internal.h"

/* ---- variants -------------------------------------------------------------------------------- */

static void put_variant(FILE *stream, const sweep_row *row, const char *const *values, size_t n)
{
    static const char *const states[] = {"not_run", "done", "refused"};
    const fel_report_variant *v = &row->numbers;
    for (size_t i = 0; i < n; i++) {
        csv_put_text(stream, values[i]);
        (void)fputc(',', stream);
    }
    (void)fputs(states[row->state], stream);
    if (row->state == VARIANT_DONE) {
        const double numbers[] = {row->rank_score, v->final_equity, v->annual_return, v->volatility,
                                  v->sharpe,       v->max_drawdown, v->turnover,      v->costs};
        for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
            csv_put_number(stream, numbers[i]);
        }
        (void)fprintf(stream, ",%llu,%s,", (unsigned long long)v->n_trades, row->order_hash);
    } else {
        (void)fputs(",,,,,,,,,,,", stream);
        csv_put_text(stream, row->message != NULL ? row->message : "");
    }
    (void)fputc('\n', stream);
}

fel_status sweep_write_csv(const sweep *s, const fel_study *study, const char *folder)
{
    const study_axes *axes = &study->values.sweep;
    arena memory = {0};
    study_pick *picks = arena_array(&memory, axes->n + 1, sizeof(*picks));
    const char **values = arena_array(&memory, axes->n + 1, sizeof(*values));
    if (picks == NULL || values == NULL) {
        arena_free(&memory);
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for variants.csv");
    }
    outfile file;
    fel_status status = csv_open(&file, folder, "variants.csv");
    if (status == FEL_OK) {
        for (size_t i = 0; i < axes->n; i++) {
            csv_put_text(file.stream, axes->items[i].key);
            (void)fputc(',', file.stream);
        }
        (void)fputs("state,rank_score,final_equity,annual_return,annual_volatility,sharpe_ratio,"
                    "max_drawdown,turnover,costs,n_trades,order_hash,message\n",
                    file.stream);
        for (size_t i = 0; i < s->n; i++) {
            study_combination(axes, i, picks);
            for (size_t k = 0; k < axes->n; k++) {
                values[k] = tree_text(&memory, picks[k].value);
            }
            put_variant(file.stream, &s->rows[i], values, axes->n);
        }
        status = outfile_commit(&file);
    }
    arena_free(&memory);
    return status;
}

/* ---- windows --------------------------------------------------------------------------------- */

fel_status walk_write_csv(const walk_windows *windows, const char *folder)
{
    outfile file;
    FEL_TRY(csv_open(&file, folder, "windows.csv"));
    (void)fputs("train_after,train_until,test_after,test_until,score,n_refused,choice\n",
                file.stream);
    for (size_t i = 0; i < windows->n; i++) {
        const walk_window *w = &windows->items[i];
        const int64_t times[] = {w->train_from_ns, w->train_to_ns, w->test_from_ns, w->test_to_ns};
        for (size_t k = 0; k < 4; k++) {
            char text[48];
            fel_time_format(times[k], text, sizeof(text));
            (void)fprintf(file.stream, "%s%s", k == 0 ? "" : ",", text);
        }
        csv_put_number(file.stream, w->score);
        (void)fprintf(file.stream, ",%zu,", w->n_failed);
        csv_put_text(file.stream, w->pick_name);
        (void)fputc('\n', file.stream);
    }
    return outfile_commit(&file);
}

/* ---- equity ---------------------------------------------------------------------------------- */

fel_status equity_write_csv(const fel_result *result, const char *folder)
{
    outfile file;
    FEL_TRY(csv_open(&file, folder, "equity.csv"));
    (void)fputs("time,equity,cash,gross_exposure,net_exposure,turnover,costs\n", file.stream);
    for (size_t i = 0; i < result->n_equity; i++) {
        const fel_equity_point *p = &result->equity[i];
        const double numbers[] = {p->equity,       p->cash,     p->gross_exposure,
                                  p->net_exposure, p->turnover, p->costs};
        char text[48];
        fel_time_format(p->time_ns, text, sizeof(text));
        (void)fputs(text, file.stream);
        for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++) {
            csv_put_number(file.stream, numbers[k]);
        }
        (void)fputc('\n', file.stream);
    }
    return outfile_commit(&file);
}
