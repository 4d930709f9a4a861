/* study/study_calibrate.c - a study that calibrates: the chain as its input, the fit as its
 * outcome.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/fit_internal.h"
#include "study/study_folder_internal.h"

static const char *const date_orders[] = {"ymd", "dmy", "mdy"};

static double or_infinity(double value)
{
    return isnan(value) ? (double)INFINITY : value;
}

static fel_status copy_text(char *to, size_t size, const char *key, const char *text)
{
    if (text != NULL && strlen(text) >= size) {
        return FEL_RAISE(FEL_ERR_RANGE, "calibrate.%s: \"%.40s...\" is longer than %zu characters",
                         key, text, size - 1);
    }
    (void)snprintf(to, size, "%s", text != NULL ? text : "");
    return FEL_OK;
}

static fel_status chain_options(const study_calibrate *c, fel_chain_options *out)
{
    fel_chain_options o = fel_chain_options_default();
    FEL_TRY(copy_text(o.map, sizeof(o.map), "map", c->map));
    FEL_TRY(copy_text(o.quote_date, sizeof(o.quote_date), "quote_date", c->quote_date));
    (void)snprintf(o.date_format, sizeof(o.date_format), "%s",
                   c->date_format >= 0 ? date_orders[c->date_format] : "");
    o.spot = c->spot;
    o.rate_per_year = c->rate_per_year;
    o.dividend_per_year = c->dividend_per_year;
    o.min_moneyness = c->min_moneyness;
    o.max_moneyness = or_infinity(c->max_moneyness);
    o.min_t_years = c->min_years;
    o.max_t_years = or_infinity(c->max_years);
    o.min_vol_per_year = c->min_vol;
    o.max_vol_per_year = or_infinity(c->max_vol);
    o.otm_only = c->otm_only > 0;
    o.keep_zero_bid = c->keep_zero_bid > 0;
    o.keep_arbitrage = c->keep_arbitrage > 0;
    o.prefer_vol = c->prefer_vol > 0;
    *out = o;
    return FEL_OK;
}

static fel_calibrate_options fit_options(const fel_study *study, const study_calibrate *c,
                                         const fel_run_options *run, fel_heston *start)
{
    const study_start *s = &c->start;
    const fel_heston given = {
        .v0 = s->v0, .kappa = s->kappa, .theta = s->theta, .xi = s->xi, .rho = s->rho};
    fel_calibrate_options o = fel_calibrate_options_default();
    *start = given;
    o.start = isnan(s->v0) ? NULL : start;
    o.objective = (fel_fit_objective)c->objective;
    o.weight = (fel_fit_weight)c->weight;
    o.n_starts = (uint32_t)c->starts;
    o.max_iterations = (uint32_t)c->max_iterations;
    o.tolerance = c->tolerance;
    o.seed = (uint64_t)study->values.seed;
    o.n_threads = run->n_threads;
    o.stop_flag = run->stop_flag;
    o.progress = run->progress;
    o.progress_payload = run->progress_payload;
    return o;
}

fel_status calibration_open(fel_run *run)
{
    dataset_input input = {.path = run->study->values.calibrate.chain};
    FEL_TRY(hash_file(input.path, input.hash));
    return ARRAY_PUSH(&run->data.inputs, input);
}

/* The order-list hash of a study without orders: of the fitted parameters. */
static fel_status hash_fit(fel_run *run)
{
    const fel_heston *h = &fel_calibration_run_fit(run->calibration)->heston;
    const double values[] = {h->v0, h->kappa, h->theta, h->xi, h->rho};
    hasher *hash = NULL;
    FEL_TRY(hasher_create(&hash));
    hasher_add(hash, values, sizeof(values));
    hasher_text(hash, run->calibration_hash);
    hasher_destroy(hash);
    return FEL_OK;
}

fel_status calibration_of_study(fel_calibration_run **out, const fel_study *study,
                                const study_calibrate *what, const fel_run_options *run)
{
    fel_chain_options chain;
    fel_heston start;
    const fel_calibrate_options options = fit_options(study, what, run, &start);
    FEL_TRY(chain_options(what, &chain));
    return fel_calibration_run_create(out, study->values.name, what->chain, &chain, &options);
}

fel_status calibration_compute(fel_run *run)
{
    const fel_study *study = run->study;
    fel_report_pair *pairs = NULL;
    size_t n = 0;
    const fel_status status =
        calibration_of_study(&run->calibration, study, &study->values.calibrate, &run->options);
    if (run->calibration == NULL) {
        return status;
    }
    FEL_TRY(manifest_pairs(&run->memory, study, &run->data, &pairs, &n));
    run->calibration->report.manifest = pairs;
    run->calibration->report.n_manifest = n;
    return hash_fit(run);
}

fel_status calibration_write(const fel_run *run, const char *folder)
{
    const unsigned html = run->options.write_html ? FEL_REPORT_HTML : 0;
    return calibration_write_files(run->calibration, folder,
                                   FEL_REPORT_JSON | FEL_REPORT_CSV | FEL_REPORT_TEXT | html);
}

fel_status calibration_check_chain(const fel_study *study)
{
    fel_chain_options options;
    fel_chain chain;
    FEL_TRY(chain_options(&study->values.calibrate, &options));
    FEL_TRY(fel_chain_read(&chain, study->values.calibrate.chain, &options));
    fel_chain_clear(&chain);
    return FEL_OK;
}
