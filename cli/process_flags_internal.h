/* cli/process_flags_internal.h - a process on the command line: its kind as a word, its parameters
 * as flags made from the tables of the library ("--rate-per-year 0.03"). */
#ifndef FEL_CLI_PROCESS_FLAGS_INTERNAL_H
#define FEL_CLI_PROCESS_FLAGS_INTERNAL_H

#ifndef FEL_MODULE_CLI
#error "cli/process_flags_internal.h belongs to cli/"
#endif

#include <feller/process.h>

#include "cli/cli_internal.h"

enum { PROCESS_FLAG_FIRST = 0x400, PROCESS_FLAG_MOST = 24, PROCESS_FLAG_NAME = 40 };

/* What flags said so far. */
typedef struct process_flags {
    const fel_param_spec *specs[PROCESS_FLAG_MOST];   /* every parameter of every kind, once */
    char names[PROCESS_FLAG_MOST][PROCESS_FLAG_NAME]; /* with hyphens */
    char docs[PROCESS_FLAG_MOST][160];
    const char *texts[PROCESS_FLAG_MOST]; /* NULL: not given */
    size_t n;
    const char *kind; /* NULL: not given */
} process_flags;

void process_flags_init(process_flags *flags);

/* The rows for argp: the caller's `own` (ended by an empty row), then one for each parameter; n is
 * the room in `all`. */
void process_flags_rows(const process_flags *flags, const struct argp_option *own,
                        struct argp_option *all, size_t n);

/* Is `key` one of these flags? Then keep its text. */
int process_flags_take(process_flags *flags, int key, const char *text);

/* The process that the flags say. CLI_DONE, or CLI_WRONG after a message: no such kind, a flag that
 * the kind has not, a value out of range. */
int process_flags_make(const process_flags *flags, const char *command, fel_process *out);

#endif
