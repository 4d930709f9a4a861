/* cli/process_flags.c - flags for the parameters of processes, from the library's tables. */
#include <string.h>

#include "cli/process_flags_internal.h"

/* "rate_per_year" is --rate-per-year. */
static void flag_name(const char *param, char *name, size_t size)
{
    (void)snprintf(name, size, "%s", param);
    for (char *c = name; *c != '\0'; c++) {
        if (*c == '_') {
            *c = '-';
        }
    }
}

static size_t find_spec(const process_flags *flags, const char *name)
{
    size_t i = 0;
    while (i < flags->n && strcmp(flags->specs[i]->name, name) != 0) {
        i++;
    }
    return i;
}

static void add_spec(process_flags *flags, const fel_param_spec *spec)
{
    const size_t i = flags->n;
    char text[40];
    if (find_spec(flags, spec->name) < i || i == PROCESS_FLAG_MOST) {
        return;
    }
    fel_param_format(spec, spec->default_value, text, sizeof(text));
    flags->specs[i] = spec;
    flag_name(spec->name, flags->names[i], PROCESS_FLAG_NAME);
    (void)snprintf(flags->docs[i], sizeof(flags->docs[i]), "%s (%s)", spec->doc, text);
    flags->n++;
}

void process_flags_init(process_flags *flags)
{
    size_t n = 0;
    const fel_process_class *const *classes = fel_process_classes(&n);
    memset(flags, 0, sizeof(*flags));
    for (size_t k = 0; k < n; k++) {
        for (uint32_t i = 0; i < classes[k]->n_params; i++) {
            add_spec(flags, &classes[k]->params[i]);
        }
    }
}

void process_flags_rows(const process_flags *flags, const struct argp_option *own,
                        struct argp_option *all, size_t n)
{
    size_t used = 0;
    memset(all, 0, n * sizeof(*all));
    while (own[used].name != NULL && used + 1 < n) {
        all[used] = own[used];
        used++;
    }
    for (size_t i = 0; i < flags->n && used + 1 < n; i++) {
        all[used].name = flags->names[i];
        all[used].key = PROCESS_FLAG_FIRST + (int)i;
        all[used].arg = "NUMBER";
        all[used].doc = flags->docs[i];
        all[used].group = 1;
        used++;
    }
}

int process_flags_take(process_flags *flags, int key, const char *text)
{
    const int i = key - PROCESS_FLAG_FIRST;
    if (i < 0 || (size_t)i >= flags->n) {
        return 0;
    }
    flags->texts[i] = text;
    return 1;
}

static int has_param(const fel_process_class *code, const char *name)
{
    uint32_t i = 0;
    while (i < code->n_params && strcmp(code->params[i].name, name) != 0) {
        i++;
    }
    return i < code->n_params;
}

int process_flags_make(const process_flags *flags, const char *command, fel_process *out)
{
    const fel_process_class *code = NULL;
    double values[FEL_PROCESS_MAX_PARAMS];
    if (fel_process_find(flags->kind, &code) != FEL_OK) {
        (void)cli_usage(command, "%s: %s", command, fel_last_error()->message);
        return CLI_WRONG;
    }
    for (size_t i = 0; i < flags->n; i++) {
        if (flags->texts[i] != NULL && !has_param(code, flags->specs[i]->name)) {
            (void)cli_usage(command, "%s: %s has no --%s", command, code->name, flags->names[i]);
            return CLI_WRONG;
        }
    }
    for (uint32_t i = 0; i < code->n_params; i++) {
        const size_t k = find_spec(flags, code->params[i].name);
        fel_param_spec spec = code->params[i];
        char name[PROCESS_FLAG_NAME + 2];
        (void)snprintf(name, sizeof(name), "--%s", flags->names[k]);
        spec.name = name;
        values[i] = spec.default_value;
        if (flags->texts[k] != NULL &&
            cli_value(command, &spec, flags->texts[k], &values[i]) != 0) {
            return CLI_WRONG;
        }
    }
    return fel_process_make(out, code, values) == FEL_OK ? CLI_DONE : cli_fail(FEL_ERR_RANGE);
}
