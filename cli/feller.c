/* cli/feller.c - the command: finds the sub-command, and minds that its output was written. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "cli/cli_internal.h"

static const cli_command commands[] = {
    {"run", "run a study and write its report", cmd_run},
    {"check", "read a study and its data without running it", cmd_check},
    {"reproduce", "run a run folder's study again and compare every number", cmd_reproduce},
    {"report", "print the report of a run folder", cmd_report},
    {"data", "import, look at, check, resample, export data", cmd_data},
    {"simulate", "write paths of a process to a file", cmd_simulate},
    {"price", "price options, greeks, implied volatilities", cmd_price},
    {"calibrate", "fit Heston to a chain of option quotes", cmd_calibrate},
    {"list", "list what can be named: strategies, costs, metrics, processes, ...", cmd_list},
    {"new", "write a strategy or a study to start from", cmd_new},
    {"version", "print the version and what it was built with", cmd_version},
};

static const cli_command data_commands[] = {
    {"import", "read CSV files into a store", cmd_data_import},
    {"info", "say what a store or a CSV file holds", cmd_data_info},
    {"check", "verify a store or read a CSV file without keeping it", cmd_data_check},
    {"resample", "make longer bars from shorter ones", cmd_data_resample},
    {"export", "write a series of a store as CSV", cmd_data_export},
    {"adjust", "write bars adjusted for splits and dividends", cmd_data_adjust},
    {"continuous", "write futures contracts as one series", cmd_data_continuous},
    {"join", "write a company's bars under all its tickers", cmd_data_join},
    {"compact", "merge the segments of a store", cmd_data_compact},
};

int cmd_data(int argc, char **argv)
{
    return cli_dispatch("feller data", data_commands,
                        sizeof(data_commands) / sizeof(data_commands[0]), argc, argv);
}

/* A reader that has gone (`feller list | head`) is no failure; a full disk is. */
static int end(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) {
        return code;
    }
    if (errno == EPIPE) {
        return code;
    }
    cli_message("cannot write the output: %s", strerror(errno));
    return code == CLI_DONE ? CLI_WRONG : code;
}

int main(int argc, char **argv)
{
    (void)signal(SIGPIPE, SIG_IGN);
    if (argc >= 2 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)) {
        return end(cmd_version(argc - 1, argv + 1));
    }
    return end(
        cli_dispatch("feller", commands, sizeof(commands) / sizeof(commands[0]), argc, argv));
}
