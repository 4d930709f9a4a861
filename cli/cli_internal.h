/* cli/cli_internal.h - what the commands share: arguments, messages, signals, progress. */
#ifndef FEL_CLI_INTERNAL_H
#define FEL_CLI_INTERNAL_H

#ifndef FEL_MODULE_CLI
#error "cli/cli_internal.h belongs to cli/"
#endif

#include <argp.h>
#include <stdio.h>

#include <feller/base.h>

/* Exit codes, as the manual says them. */
enum { CLI_DONE = 0, CLI_FAILED = 1, CLI_WRONG = 2 };

/* One command: `feller NAME ...` or `feller data NAME ...`. argv[0] is its full name. */
typedef struct cli_command {
    const char *name, *summary;
    int (*run)(int argc, char **argv);
} cli_command;

int cmd_run(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_reproduce(int argc, char **argv);
int cmd_calibrate(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_list(int argc, char **argv);
int cmd_new(int argc, char **argv);
int cmd_simulate(int argc, char **argv);
int cmd_price(int argc, char **argv);
int cmd_version(int argc, char **argv);
int cmd_data(int argc, char **argv);
int cmd_data_import(int argc, char **argv);
int cmd_data_info(int argc, char **argv);
int cmd_data_check(int argc, char **argv);
int cmd_data_resample(int argc, char **argv);
int cmd_data_export(int argc, char **argv);
int cmd_data_compact(int argc, char **argv);
int cmd_data_adjust(int argc, char **argv);
int cmd_data_continuous(int argc, char **argv);
int cmd_data_join(int argc, char **argv);

/* ---- commands and arguments ------------------------------------------------------------------ */

/* Run the command that argv[1] names; `group` is "feller" or "feller data". */
int cli_dispatch(const char *group, const cli_command *commands, size_t n, int argc, char **argv);

/* Let argp read the arguments, after a look for flags that are none and values that are missing:
 * those get one line and CLI_WRONG. --help prints and ends the process. 0: all was read. */
int cli_parse(const struct argp *argp, int argc, char **argv, void *input);

/* Plain arguments in their order. */
typedef struct cli_words {
    const char **items;
    size_t n, capacity;
} cli_words;
error_t cli_words_add(cli_words *words, const char *text);

/* "feller run: needs a study file" and the like, for parsers; gives EINVAL. */
error_t cli_usage(const char *command, const char *format, ...) FEL_PRINTF(2, 3);

/* A value of a flag by a parameter row named after it ("--threads"). 0, or EINVAL after a message.
 */
error_t cli_value(const char *command, const fel_param_spec *spec, const char *text, double *value);

/* ---- messages -------------------------------------------------------------------------------- */

/* Print "feller: message" on stderr. */
void cli_message(const char *format, ...) FEL_PRINTF(1, 2);
/* Print the last error; the exit code for its status: 1 where the run failed, 2 for wrong input. */
int cli_fail(fel_status status);
/* Print a file's bytes on stdout. */
int cli_print_file(const char *path);

/* tools/new/strategy.c.in and study.yaml.in, put in by cli/cli.mk. */
extern const char cli_template_strategy[], cli_template_study[];

/* ---- signals, progress ----------------------------------------------------------------------- */

/* Set by SIGINT and SIGTERM; a second one ends the process at once. */
extern volatile int cli_stop_flag;
void cli_catch_signals(void);

/* Progress on stderr if it is a terminal, else nothing. */
void cli_progress(void *payload, const char *what, double done, double total);
void cli_progress_end(void);

#endif
