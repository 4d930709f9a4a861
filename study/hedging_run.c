/* study/hedging_run.c - a hedging study from its first to its last step. */
#include <stdlib.h>

#include "study/hedging_internal.h"
#include "study/study_folder_internal.h"

fel_status hedging_create(hedging **out, const fel_study *study, dataset *data,
                          const fel_run_options *options)
{
    hedging *h = calloc(1, sizeof(*h));
    if (h == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a hedging study");
    }
    h->study = study;
    h->options = options;
    *out = h;
    return hedging_open(h, data);
}

fel_status hedging_compute(hedging *h)
{
    FEL_TRY(hedging_setup(h));
    FEL_TRY(hedging_train(h));
    FEL_TRY(hedging_test(h));
    return hedging_present(h);
}

static void clear_fits(hedging_fit *fits, size_t n)
{
    for (size_t i = 0; i < n && fits != NULL; i++) {
        hedging_spectra_clear(&fits[i]);
        free(fits[i].params);
        free(fits[i].curve);
    }
}

void hedging_destroy(hedging *h)
{
    if (h == NULL) {
        return;
    }
    for (size_t i = 0; i < h->n_planned; i++) {
        clear_fits(h->all[i].fits, h->n_seeds);
        fel_policy_destroy(h->all[i].policy);
    }
    for (size_t i = 0; i < h->n_points; i++) {
        clear_fits(h->frontier[i].fits, h->n_frontier_seeds);
    }
    fel_hedge_problem_destroy(h->problem);
    fel_calibration_run_destroy(h->calibration);
    free(h->stored_spot);
    free(h->stored_variance);
    arena_free(&h->memory);
    free(h);
}

fel_status hedging_check(const fel_study *study)
{
    const fel_run_options options = fel_run_options_default();
    dataset data = {0};
    hedging *h = NULL;
    fel_status status = hedging_create(&h, study, &data, &options);
    if (status == FEL_OK) {
        status = hedging_setup(h);
    }
    hedging_destroy(h);
    dataset_close(&data);
    return status;
}
