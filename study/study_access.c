/* study/study_access.c - what others may ask of a run: its reports, its folder, what it is about.
 */
#include "study/study_folder_internal.h"

const fel_report *fel_run_report(const fel_run *run)
{
    return run->report;
}

const char *fel_run_folder(const fel_run *run)
{
    return run->folder;
}

const fel_montecarlo_report *fel_run_montecarlo(const fel_run *run)
{
    return run->many.n_asked > 0 ? &run->many.report : NULL;
}

const fel_calibration_report *fel_run_calibration(const fel_run *run)
{
    return run->calibration != NULL ? fel_calibration_run_report(run->calibration) : NULL;
}

const fel_hedge_report *fel_run_hedging(const fel_run *run)
{
    return run->hedging != NULL ? &run->hedging->report : NULL;
}

const char *run_order_hash(const fel_run *run)
{
    if (run->hedging != NULL) {
        return run->hedging->hash;
    }
    if (run->calibration != NULL) {
        return run->calibration_hash;
    }
    return run->many.n_asked > 0 ? run->many.order_hash : run->made.result->order_hash;
}

int run_has_report(const fel_run *run)
{
    return run->study->values.report.write == 0;
}

const fel_study *run_subject(const fel_run *run)
{
    return run->picked != NULL ? run->picked : run->study;
}
