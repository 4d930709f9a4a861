/* cli/calibrate_flags_internal.h - what feller calibrate was asked for. */
#ifndef FEL_CLI_CALIBRATE_FLAGS_INTERNAL_H
#define FEL_CLI_CALIBRATE_FLAGS_INTERNAL_H

#ifndef FEL_MODULE_CLI
#error "cli/calibrate_flags_internal.h belongs to cli/"
#endif

#include <feller/calibration_run.h>

#include "cli/cli_internal.h"

typedef struct calibrate_args {
    const char *command, *chain, *output;
    fel_chain_options chain_options;
    fel_calibrate_options options;
    fel_heston start;
    int json, quiet, no_html;
} calibrate_args;

extern const struct argp_option calibrate_flags[];
error_t calibrate_parse(int key, char *text, struct argp_state *state);

/* The fit as JSON on stdout. ERR_NOMEM. */
fel_status calibrate_print_json(const fel_calibration_run *run, const char *path);

#endif
