/* feller/calibration_run.h - a chain read, fitted and described: what `feller calibrate` and a
 * study with `calibrate` share. */
#ifndef FEL_CALIBRATION_RUN_H
#define FEL_CALIBRATION_RUN_H

#include <feller/calibrate.h>
#include <feller/report_simulation.h>

FEL_BEGIN_DECLS

typedef struct fel_calibration_run fel_calibration_run;

/* Read the chain, fit Heston to it, fill a report. options NULL: the defaults. Statuses of
 * fel_chain_read() and fel_calibrate_heston(); ERR_STOPPED with *out set when the stop flag ended
 * the search: the best so far. */
FEL_API FEL_NODISCARD fel_status fel_calibration_run_create(fel_calibration_run **out,
                                                            const char *title, const char *path,
                                                            const fel_chain_options *chain,
                                                            const fel_calibrate_options *options);
FEL_API void fel_calibration_run_destroy(fel_calibration_run *run); /* NULL is allowed */

/* Borrowed from the run. */
FEL_API const fel_chain *fel_calibration_run_chain(const fel_calibration_run *run);
FEL_API const fel_calibration *fel_calibration_run_fit(const fel_calibration_run *run);
FEL_API const fel_calibration_report *fel_calibration_run_report(const fel_calibration_run *run);

/* The fitted law with the chain's spot, and the rate and yield of its maturity nearest to one year:
 * what a simulation takes. */
FEL_API fel_process fel_calibration_run_process(const fel_calibration_run *run);

/* The report's files (kinds: fel_report_files), and with FEL_REPORT_CSV also refused.csv, a row a
 * refused quote with its reason, and heston.yaml, into a folder that is whole or not there, as that
 * of a run: folders above it are made, older results are replaced, ERR_ARG for anything else in its
 * place. */
FEL_API FEL_NODISCARD fel_status fel_calibration_run_write(const fel_calibration_run *run,
                                                           const char *folder, unsigned kinds);
/* The process as a row of a study's `data`: JSON where the path ends in .json, else YAML. */
FEL_API FEL_NODISCARD fel_status fel_calibration_run_write_process(const fel_calibration_run *run,
                                                                   const char *path);

FEL_END_DECLS
#endif
