/* study/fit_run.c - a chain from its file to a report of what Heston makes of it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/fit_internal.h"

const fel_chain *fel_calibration_run_chain(const fel_calibration_run *run)
{
    return &run->chain;
}

const fel_calibration *fel_calibration_run_fit(const fel_calibration_run *run)
{
    return &run->fit;
}

const fel_calibration_report *fel_calibration_run_report(const fel_calibration_run *run)
{
    return &run->report;
}

/* The curve's point nearest to a year says the rates; the spot's is the chain's. */
fel_process fel_calibration_run_process(const fel_calibration_run *run)
{
    const fel_chain_maturity *nearest = &run->chain.maturities[0];
    fel_process process;
    memset(&process, 0, sizeof(process));
    for (size_t i = 1; i < run->chain.n_maturities; i++) {
        const fel_chain_maturity *m = &run->chain.maturities[i];
        nearest = fabs(m->t_years - 1.0) < fabs(nearest->t_years - 1.0) ? m : nearest;
    }
    process.kind = FEL_PROCESS_HESTON;
    process.spot = run->chain.spot;
    process.rate_per_year = -log(nearest->discount) / nearest->t_years;
    process.dividend_per_year =
        process.rate_per_year - log(nearest->forward / run->chain.spot) / nearest->t_years;
    process.heston = run->fit.heston;
    return process;
}

fel_status fit_need(const void *memory)
{
    return memory != NULL ? FEL_OK : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for the report");
}

void fel_calibration_run_destroy(fel_calibration_run *run)
{
    if (run == NULL) {
        return;
    }
    fel_chain_clear(&run->chain);
    fel_calibration_clear(&run->fit);
    arena_free(&run->memory);
    free(run);
}

static fel_status keep_options(fel_calibration_run *run, const char *title, const char *path,
                               const fel_chain_options *chain, const fel_calibrate_options *options)
{
    run->title = arena_text(&run->memory, title);
    run->path = arena_text(&run->memory, path);
    run->chain_options = chain != NULL ? *chain : fel_chain_options_default();
    run->options = options != NULL ? *options : fel_calibrate_options_default();
    run->has_start = run->options.start != NULL;
    FEL_TRY(fit_need(run->title));
    return fit_need(run->path);
}

static fel_status make(fel_calibration_run *run)
{
    FEL_TRY(fel_chain_read(&run->chain, run->path, &run->chain_options));
    FEL_TRY(fel_calibrate_heston(&run->fit, &run->chain, &run->options));
    run->options.start = NULL;
    FEL_TRY(fit_fill_report(run));
    FEL_TRY(fit_fill_curves(run));
    return fit_fill_settings(run);
}

fel_status fel_calibration_run_create(fel_calibration_run **out, const char *title,
                                      const char *path, const fel_chain_options *chain,
                                      const fel_calibrate_options *options)
{
    fel_calibration_run *run = calloc(1, sizeof(*run));
    FEL_TRY(fit_need(run));
    fel_status status = keep_options(run, title, path, chain, options);
    if (status == FEL_OK) {
        status = make(run);
    }
    if (status != FEL_OK) {
        fel_calibration_run_destroy(run);
        return status;
    }
    *out = run;
    return run->fit.was_stopped
               ? FEL_RAISE(FEL_ERR_STOPPED, "%s: stopped: this is the best fit until then", path)
               : FEL_OK;
}
