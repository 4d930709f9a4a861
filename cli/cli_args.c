/* cli/cli_args.c - arguments: argp reads them, but not before every flag has been looked at.
 *
 * argp and getopt print messages of their own over several lines and know no nearest name; so flags
 * are checked against the command's table first, and what argp then sees it understands. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_internal.h"
#include "core/array.h"
#include "core/nearest.h"

enum { MAX_FLAGS = 64 };

static const struct argp_option standard_options[] = {{"help", '?', NULL, 0, NULL, 0},
                                                      {"usage", 0x100, NULL, 0, NULL, 0},
                                                      {NULL, 0, NULL, 0, NULL, 0}};

error_t cli_words_add(cli_words *words, const char *text)
{
    return ARRAY_PUSH(words, text) == FEL_OK ? 0 : ENOMEM;
}

error_t cli_usage(const char *command, const char *format, ...)
{
    char what[400];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof(what), format, args);
    va_end(args);
    cli_message("%s; see %s --help", what, command);
    return EINVAL;
}

error_t cli_value(const char *command, const fel_param_spec *spec, const char *text, double *value)
{
    return fel_param_parse(spec, text, value) == FEL_OK
               ? 0
               : cli_usage(command, "%s", fel_last_error()->message);
}

/* ---- flags of a command ---------------------------------------------------------------------- */

static int is_end(const struct argp_option *o)
{
    return o->name == NULL && o->key == 0 && o->doc == NULL && o->group == 0;
}

/* Named options of the command, then argp's own; n <= MAX_FLAGS. */
static size_t list_options(const struct argp *argp, const struct argp_option **list)
{
    size_t n = 0;
    for (const struct argp_option *o = argp->options; o != NULL && !is_end(o); o++) {
        if (n < MAX_FLAGS && o->name != NULL) {
            list[n++] = o;
        }
    }
    for (const struct argp_option *o = standard_options; o->name != NULL; o++) {
        if (n < MAX_FLAGS) {
            list[n++] = o;
        }
    }
    return n;
}

static const struct argp_option *by_letter(const struct argp_option *const *list, size_t n,
                                           int letter)
{
    for (size_t i = 0; i < n; i++) {
        if (list[i]->key == letter) {
            return list[i];
        }
    }
    return NULL;
}

/* A whole name, or the start of one only. */
static const struct argp_option *by_name(const struct argp_option *const *list, size_t n,
                                         const char *name, size_t length)
{
    const struct argp_option *found = NULL;
    size_t n_found = 0;
    for (size_t i = 0; i < n; i++) {
        if (strncmp(list[i]->name, name, length) == 0) {
            if (list[i]->name[length] == '\0') {
                return list[i];
            }
            found = list[i];
            n_found++;
        }
    }
    return n_found == 1 ? found : NULL;
}

static int unknown_flag(const char *command, const char *flag, size_t length,
                        const struct argp_option *const *list, size_t n)
{
    const char *names[MAX_FLAGS] = {NULL};
    char name[64];
    for (size_t i = 0; i < n; i++) {
        names[i] = list[i]->name;
    }
    (void)snprintf(name, sizeof(name), "%.*s", (int)length, flag);
    const size_t near = nearest_name(name + strspn(name, "-"), names, n);
    if (near < n) {
        (void)cli_usage(command, "%s: no flag %s; did you mean --%s?", command, name, names[near]);
    } else {
        (void)cli_usage(command, "%s: no flag %s", command, name);
    }
    return CLI_WRONG;
}

typedef struct flag_scan {
    const char *command;
    const struct argp_option *list[MAX_FLAGS];
    size_t n;
    char **argv;
    int argc, at;
} flag_scan;

/* The value is the next argument, whatever it looks like. */
static int need_value(flag_scan *scan, const char *flag)
{
    scan->at++;
    if (scan->at < scan->argc) {
        return 0;
    }
    (void)cli_usage(scan->command, "%s: %s needs a value", scan->command, flag);
    return CLI_WRONG;
}

/* --name, --name=value, --name value (not where the value may be left out). */
static int scan_long(flag_scan *scan, const char *flag)
{
    const size_t length = strcspn(flag, "=");
    const struct argp_option *option = by_name(scan->list, scan->n, flag + 2, length - 2);
    if (option == NULL) {
        return unknown_flag(scan->command, flag, length, scan->list, scan->n);
    }
    const int must_have = option->arg != NULL && (option->flags & OPTION_ARG_OPTIONAL) == 0;
    if (flag[length] == '=' && option->arg == NULL) {
        (void)cli_usage(scan->command, "%s: --%s takes no value", scan->command, option->name);
        return CLI_WRONG;
    }
    return flag[length] == '\0' && must_have ? need_value(scan, flag) : 0;
}

/* -q, -qo file, -ofile. */
static int scan_short(flag_scan *scan, const char *flag)
{
    for (const char *c = flag + 1; *c != '\0'; c++) {
        const struct argp_option *option = by_letter(scan->list, scan->n, *c);
        if (option == NULL) {
            const char letter[] = {'-', *c, '\0'};
            return unknown_flag(scan->command, letter, 2, scan->list, scan->n);
        }
        if (option->arg != NULL) {
            return c[1] == '\0' ? need_value(scan, flag) : 0;
        }
    }
    return 0;
}

static int scan_flags(flag_scan *scan)
{
    static char help[] = "--help";
    for (scan->at = 1; scan->at < scan->argc; scan->at++) {
        if (strcmp(scan->argv[scan->at], "-h") == 0) {
            scan->argv[scan->at] = help;
        }
        const char *word = scan->argv[scan->at];
        int code = 0;
        if (strcmp(word, "--") == 0) {
            return 0;
        }
        if (strncmp(word, "--", 2) == 0) {
            code = scan_long(scan, word);
        } else if (word[0] == '-' && word[1] != '\0') {
            code = scan_short(scan, word);
        }
        if (code != 0) {
            return code;
        }
    }
    return 0;
}

int cli_parse(const struct argp *argp, int argc, char **argv, void *input)
{
    flag_scan scan = {.command = argv[0], .argv = argv, .argc = argc};
    scan.n = list_options(argp, scan.list);
    const int code = scan_flags(&scan);
    if (code != 0) {
        return code;
    }
    argp_err_exit_status = CLI_WRONG;
    const error_t failed = argp_parse(argp, argc, argv, 0, NULL, input);
    if (failed == ENOMEM) {
        cli_message("out of memory");
        return CLI_FAILED;
    }
    return failed == 0 ? 0 : CLI_WRONG;
}

/* ---- commands of a group --------------------------------------------------------------------- */

/* What `feller --help` prints. */
static void list_commands(FILE *stream, const char *group, const cli_command *commands, size_t n)
{
    (void)fprintf(stream, "Usage: %s COMMAND [ARGUMENT...]\n\n", group);
    for (size_t i = 0; i < n; i++) {
        (void)fprintf(stream, "  %-10s %s\n", commands[i].name, commands[i].summary);
    }
    (void)fprintf(stream, "\n%s COMMAND --help says more about each.\n", group);
}

static int no_command(const char *group, const char *word, const cli_command *commands, size_t n)
{
    const char *names[MAX_FLAGS] = {NULL};
    for (size_t i = 0; i < n && i < MAX_FLAGS; i++) {
        names[i] = commands[i].name;
    }
    const size_t near = nearest_name(word, names, n);
    if (near < n) {
        cli_message("no command \"%.64s\"; did you mean \"%s\"?", word, names[near]);
    } else {
        cli_message("no command \"%.64s\"; see %s --help", word, group);
    }
    return CLI_WRONG;
}

static int is_one_of(const char *word, const char *a, const char *b, const char *c)
{
    return strcmp(word, a) == 0 || strcmp(word, b) == 0 || strcmp(word, c) == 0;
}

/* argv[1] becomes the full name of the command, for its messages and its usage. */
int cli_dispatch(const char *group, const cli_command *commands, size_t n, int argc, char **argv)
{
    if (argc < 2) {
        cli_message("needs a command; see %s --help", group);
        return CLI_WRONG;
    }
    if (is_one_of(argv[1], "--help", "-h", "help") || strcmp(argv[1], "-?") == 0) {
        list_commands(stdout, group, commands, n);
        return CLI_DONE;
    }
    for (size_t i = 0; i < n; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            char name[64];
            (void)snprintf(name, sizeof(name), "%s %s", group, commands[i].name);
            argv[1] = name;
            return commands[i].run(argc - 1, argv + 1);
        }
    }
    return no_command(group, argv[1], commands, n);
}
