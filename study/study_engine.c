/* study/study_engine.c - one run of the engine over a window of a study's data. */
#include <stdlib.h>
#include <string.h>

#include "study/study_run_internal.h"

/* ---- configuration --------------------------------------------------------------------------- */

/* The engine adds up to four of each, in the order of the table of models. */
static void place_costs(const study_models *models, fel_cost out[FEL_MAX_COSTS])
{
    size_t n = 0;
    for (size_t i = 0; i < STUDY_MAX_COSTS && n < FEL_MAX_COSTS; i++) {
        if (models->models[i].code != NULL) {
            out[n++] = models->models[i];
        }
    }
}

fel_engine_config study_engine_config(const study_values *v)
{
    fel_engine_config config = fel_engine_config_default();
    config.fill = (fel_fill_rule)v->fill;
    config.path = (fel_bar_path)v->path;
    config.limit = (fel_limit_rule)v->limit;
    config.trail = (fel_trail_rule)v->trail;
    config.sizing = (fel_sizing)v->sizing;
    config.cash_short = (fel_cash_short)v->cash_short;
    config.volume_limit = v->volume_limit;
    config.cash_check = (fel_cash_check)v->cash_check;
    config.slip_range = (fel_slip_range)v->slip_range;
    config.queue = (fel_queue_rule)v->queue;
    config.queue_power = v->queue_power;
    config.record_order_events = (uint8_t)(v->report.order_events != 0);
    config.off_grid = (fel_off_grid)v->off_grid;
    config.end_of_data = (fel_end_of_data)v->end_of_data;
    config.record = (fel_record)v->report.record;
    config.allow_short = (uint8_t)(v->allow_short != 0);
    config.self_check = (uint8_t)(v->self_check != 0);
    config.cash = v->cash.amount;
    (void)memcpy(config.currency, v->currency, strlen(v->currency) + 1);
    config.cash_rate_per_year = v->cash_rate_per_year;
    config.debit_rate_per_year = v->debit_rate_per_year;
    config.latency.kind = v->latency.entry_ns > 0 ? FEL_LATENCY_CONSTANT : FEL_LATENCY_NONE;
    config.latency.constant_ns = v->latency.entry_ns;
    config.latency_seed = (uint64_t)v->seed;
    config.fee_minimum = v->costs.fee_minimum;
    const fel_risk_limits risk = {.max_gross = v->risk.max_gross,
                                  .max_net = v->risk.max_net,
                                  .max_position = v->risk.max_position,
                                  .max_order = v->risk.max_order,
                                  .interval_ns = FEL_NS_PER_DAY,
                                  .max_orders = (uint32_t)v->risk.max_orders_per_day,
                                  .on_drawdown = (fel_on_drawdown)v->risk.on_drawdown,
                                  .max_drawdown = v->risk.max_drawdown,
                                  .max_day_loss = v->risk.max_day_loss};
    config.risk = risk;
    config.account = study_account_rules(v);
    place_costs(&v->costs.fees, config.fees);
    place_costs(&v->costs.slippage, config.slippage);
    return config;
}

/* ---- sources --------------------------------------------------------------------------------- */

/* Feeds take rows from <= time < to, a window has those of (from, to]. */
static int64_t after(int64_t t)
{
    return t == FEL_TIME_MIN || t == FEL_TIME_MAX ? t : t + 1;
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A feed of its own for each run: series are shared, places in them are not. */
static fel_status make_sources(study_engine *out, const study_job *job)
{
    const dataset *data = job->data;
    out->sources = calloc(data->list.n + 1, sizeof(*out->sources));
    if (out->sources == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu feeds", data->list.n);
    }
    for (size_t i = 0; i < data->list.n; i++) {
        const dataset_item *item = &data->list.items[i];
        const int64_t from = after(later(job->window.from_ns, item->window.from_ns));
        const int64_t to = after(earlier(job->window.to_ns, item->window.to_ns));
        fel_source *source = &out->sources[i];
        source->info = &item->info;
        out->n_sources = i + 1;
        FEL_TRY(item->series != NULL
                    ? fel_feed_of_series(&source->feed, item->series, from, to, 0)
                    : fel_feed_of_store(&source->feed, item->store, item->entry, from, to));
        if (job->hashes_rows && item->series == NULL) {
            FEL_TRY(feed_hash_begin(&source->feed, item));
        }
    }
    return FEL_OK;
}

/* ---- progress -------------------------------------------------------------------------------- */

static void on_rows(void *payload, uint64_t rows_done)
{
    const study_progress *p = payload;
    p->options->progress(p->options->progress_payload, p->what, p->done + (double)rows_done,
                         p->total);
}

/* ---- run ------------------------------------------------------------------------------------- */

fel_engine_config study_job_config(const study_job *job)
{
    fel_engine_config config = study_engine_config(&job->study->values);
    config.record = job->record;
    config.cash = job->cash;
    config.start_ns = after(job->window.trade_ns);
    config.day_offset_ns = job->data->day_offset_ns;
    config.record_orders = (uint8_t)(job->totals_only == 0);
    config.close_at_end = (uint8_t)(job->close_at_end != 0);
    config.stop_flag = job->stop_flag;
    if (job->is_benchmark) {
        config.risk.max_drawdown = config.risk.max_day_loss = 0.0;
    }
    if (job->stops != NULL) {
        config.stop_at_ns = job->stops->stop_at_ns;
        config.snapshot_path = job->stops->snapshot_path;
    }
    config.services = hedging_named_services(job->data->hedger, &config.n_services);
    if (job->progress != NULL && job->progress->options->progress != NULL) {
        config.progress = on_rows;
        config.progress_payload = job->progress;
    }
    return config;
}

/* Configuration, feeds, engine, run. */
static fel_status start(study_engine *out, const study_job *job)
{
    const fel_engine_config config = study_job_config(job);
    FEL_TRY(make_sources(out, job));
    FEL_TRY(fel_engine_create(&out->engine, &config, out->sources, out->n_sources, job->strategy,
                              job->params));
    const char *snapshot = job->stops != NULL ? job->stops->resume_path : NULL;
    return snapshot != NULL ? fel_engine_resume(out->engine, snapshot, &out->result)
                            : fel_engine_run(out->engine, &out->result);
}

fel_status study_engine_run(study_engine *out, const study_job *job)
{
    memset(out, 0, sizeof(*out));
    const fel_status status = start(out, job);
    if (status != FEL_OK) {
        study_engine_clear(out);
    }
    return status;
}

void study_engine_clear(study_engine *run)
{
    fel_engine_destroy(run->engine);
    for (size_t i = 0; i < run->n_sources; i++) {
        fel_feed_destroy(&run->sources[i].feed);
    }
    free(run->sources);
    memset(run, 0, sizeof(*run));
}
