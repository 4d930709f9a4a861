/* cli/cmd_new.c - feller new strategy|study NAME: a file to start from that runs as it is. */
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli_internal.h"
#include "core/outfile.h"

typedef struct new_args {
    const char *command, *what, *name;
} new_args;

static const struct new_kind {
    const char *name, *suffix, *text;
    const char *next; /* what to do with it */
} kinds[] = {
    {"strategy", ".c", cli_template_strategy, "its first lines say how to build and run it"},
    {"study", ".yaml", cli_template_study, "fill in YOUR_ names, then: feller run"},
};
enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]), NAME_LENGTH = 64 };

static error_t parse(int key, char *text, struct argp_state *state)
{
    new_args *args = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (args->name != NULL) {
            return cli_usage(args->command, "%s: one name at a time, not also %s", args->command,
                             text);
        }
        *(args->what == NULL ? &args->what : &args->name) = text;
        return 0;
    case ARGP_KEY_END:
        return args->name != NULL
                   ? 0
                   : cli_usage(args->command, "%s: needs strategy or study, and a name",
                               args->command);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The name becomes a C identifier in a strategy. */
static int is_good_name(const char *name)
{
    const size_t length = strlen(name);
    if (length > NAME_LENGTH || (!isalpha((unsigned char)name[0]) && name[0] != '_')) {
        return 0;
    }
    for (const char *c = name; *c != '\0'; c++) {
        if (!isalnum((unsigned char)*c) && *c != '_') {
            return 0;
        }
    }
    return 1;
}

/* @NAME@ wherever it stands. */
static void fill_in(FILE *stream, const char *text, const char *name)
{
    static const char mark[] = "@NAME@";
    for (const char *at = strstr(text, mark); at != NULL; at = strstr(text, mark)) {
        (void)fwrite(text, 1, (size_t)(at - text), stream);
        (void)fputs(name, stream);
        text = at + sizeof(mark) - 1;
    }
    (void)fputs(text, stream);
}

/* Nothing that is there is overwritten. */
static int write_new(const struct new_kind *kind, const char *name)
{
    char path[NAME_LENGTH + 16];
    outfile file;
    (void)snprintf(path, sizeof(path), "%s%s", name, kind->suffix);
    if (access(path, F_OK) == 0) {
        cli_message("%s is there already: nothing was written", path);
        return CLI_WRONG;
    }
    fel_status status = outfile_open(&file, path);
    if (status == FEL_OK) {
        fill_in(file.stream, kind->text, name);
        status = outfile_commit(&file);
    }
    if (status != FEL_OK) {
        return cli_fail(status);
    }
    (void)printf("%s: written; %s\n", path, kind->next);
    return CLI_DONE;
}

int cmd_new(int argc, char **argv)
{
    static const struct argp argp = {NULL,
                                     parse,
                                     "strategy|study NAME",
                                     "Write NAME.c, a strategy, or NAME.yaml, a study, to start "
                                     "from. NAME: letters, digits and underscores.",
                                     NULL,
                                     NULL,
                                     NULL};
    new_args args = {.command = argv[0]};
    const int code = cli_parse(&argp, argc, argv, &args);
    if (code != 0) {
        return code;
    }
    if (!is_good_name(args.name)) {
        cli_message("\"%.80s\" is no name: 1 to 64 letters, digits and underscores, no digit first",
                    args.name);
        return CLI_WRONG;
    }
    for (size_t i = 0; i < N_KINDS; i++) {
        if (strcmp(args.what, kinds[i].name) == 0) {
            return write_new(&kinds[i], args.name);
        }
    }
    (void)cli_usage(args.command, "%s: \"%.64s\" is neither strategy nor study", args.command,
                    args.what);
    return CLI_WRONG;
}
