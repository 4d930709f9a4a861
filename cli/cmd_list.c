/* cli/cmd_list.c - feller list: the tables that the library is made of, for people and programs.
 *
 * Every list is first a JSON array of objects, so that both outputs say the same; the text output
 * prints name and summary, and below them the parameters. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli_internal.h"
#include "cli/list_internal.h"
#include "core/nearest.h"

enum { KEY_JSON = 0x200 };

typedef struct list_args {
    const char *command, *what, *name;
    int json;
} list_args;

static const struct list_kind {
    const char *name;
    json_t *(*make)(void);
} kinds[] = {
    {"strategies", list_strategies},
    {"costs", list_costs},
    {"metrics", list_metrics},
    {"trip_metrics", list_trip_metrics},
    {"holding_metrics", list_holding_metrics},
    {"losses", list_losses},
    {"risks", list_risks},
    {"models", list_models},
    {"optimizers", list_optimizers},
    {"schedules", list_schedules},
    {"features", list_features},
    {"indicators", list_indicators},
    {"targets", list_targets},
    {"scales", list_scales},
    {"layouts", list_layouts},
    {"rules", list_rules},
    {"keys", list_keys},
    {"processes", list_processes},
    {"schemes", list_schemes},
    {"payoffs", list_payoffs},
    {"hedge_features", list_hedge_features},
    {"hedge_rules", list_hedge_rules},
};
enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static const struct argp_option flags[] = {
    {"json", KEY_JSON, NULL, 0, "Print as JSON", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    list_args *args = state->input;
    switch (key) {
    case KEY_JSON:
        args->json = 1;
        return 0;
    case ARGP_KEY_ARG:
        if (args->name != NULL) {
            return cli_usage(args->command, "%s: one name at a time, not also %s", args->command,
                             text);
        }
        *(args->what == NULL ? &args->what : &args->name) = text;
        return 0;
    case ARGP_KEY_END:
        return args->what != NULL
                   ? 0
                   : cli_usage(
                         args->command,
                         "%s: needs strategies, costs, metrics, trip_metrics, "
                         "holding_metrics, losses, risks, models, optimizers, schedules, features, indicators, targets, scales, "
                         "layouts, rules, keys, processes, schemes, payoffs, "
                         "hedge_features or hedge_rules",
                         args->command);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- text ------------------------------------------------------------------------------------ */

static const char *text_of(const json_t *item, const char *key)
{
    const char *text = json_string_value(json_object_get(item, key));
    return text != NULL ? text : "";
}

static void print_type(const json_t *item)
{
    const char *type = text_of(item, "type"), *fallback = text_of(item, "default");
    if (type[0] != '\0') {
        (void)printf("        %s%s%s\n", type, fallback[0] != '\0' ? "; default " : "", fallback);
    }
}

/* " high, low" */
static void print_words(const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        (void)printf("%s %s", i == 0 ? "" : ",", json_string_value(json_array_get(list, i)));
    }
}

/* A feature or indicator: formula, "reads high, low; gives sine, cosine; 19 rows of warm-up by
 * default". */
static void print_feature(const json_t *item)
{
    const json_t *inputs = json_object_get(item, "inputs"),
                 *outputs = json_object_get(item, "outputs");
    if (inputs == NULL) {
        return;
    }
    (void)printf("        %s\n        reads", text_of(item, "formula"));
    print_words(inputs);
    (void)printf("%s", json_array_size(outputs) > 0 ? "; gives" : "");
    print_words(outputs);
    (void)printf("; %lld rows of warm-up by default\n",
                 (long long)json_integer_value(json_object_get(item, "warm_up_rows")));
}

static void print_item(const json_t *item)
{
    const json_t *params = json_object_get(item, "parameters");
    (void)printf("%s: %s\n", text_of(item, "name"), text_of(item, "summary"));
    print_type(item);
    print_feature(item);
    for (size_t i = 0; i < json_array_size(params); i++) {
        const json_t *param = json_array_get(params, i);
        (void)printf("    %s: %s\n", text_of(param, "name"), text_of(param, "doc"));
        print_type(param);
    }
}

static void print_all(const json_t *list)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        print_item(json_array_get(list, i));
    }
}

/* ---- choosing -------------------------------------------------------------------------------- */

/* Names that are near are said. */
static int unknown(const char *what, const char *word, const char *const *names, size_t n)
{
    const size_t near = nearest_name(word, names, n);
    if (near < n) {
        cli_message("no %s \"%.64s\"; did you mean \"%s\"?", what, word, names[near]);
    } else {
        cli_message("no %s \"%.64s\"; see feller list %s", what, word,
                    strcmp(what, "list") == 0 ? "--help" : what);
    }
    return CLI_WRONG;
}

/* Leave only the item of this name in the list. */
static int keep_named(json_t *list, const char *what, const char *name)
{
    enum { MAX_NAMES = 256 };
    const char *names[MAX_NAMES] = {NULL};
    const size_t n = json_array_size(list) < MAX_NAMES ? json_array_size(list) : MAX_NAMES;
    for (size_t i = 0; i < n; i++) {
        names[i] = text_of(json_array_get(list, i), "name");
        if (strcmp(names[i], name) == 0) {
            json_t *item = json_incref(json_array_get(list, i));
            (void)json_array_clear(list);
            (void)json_array_append_new(list, item);
            return CLI_DONE;
        }
    }
    return unknown(what, name, names, n);
}

/* One list, whole or one item of it. */
static int print_kind(const list_args *args, const struct list_kind *kind)
{
    json_t *list = kind->make();
    if (list == NULL) {
        cli_message("out of memory");
        return CLI_FAILED;
    }
    const int code = args->name != NULL ? keep_named(list, kind->name, args->name) : CLI_DONE;
    if (code == CLI_DONE && args->json) {
        (void)json_dumpf(list, stdout, JSON_INDENT(2));
        (void)fputc('\n', stdout);
    } else if (code == CLI_DONE) {
        print_all(list);
    }
    json_decref(list);
    return code;
}

int cmd_list(int argc, char **argv)
{
    static const struct argp argp = {
        flags,
        parse,
        "WHAT [NAME]",
        "List what a study can name, with parameters, ranges and defaults. WHAT is one of "
        "strategies, costs, metrics, trip_metrics, holding_metrics, losses, risks, models, optimizers, schedules, features, "
        "indicators, targets, scales, layouts, rules, keys, processes, schemes, payoffs, "
        "hedge_features, hedge_rules.",
        NULL,
        NULL,
        NULL};
    list_args args = {.command = argv[0]};
    const int code = cli_parse(&argp, argc, argv, &args);
    if (code != 0) {
        return code;
    }
    const char *names[N_KINDS];
    for (size_t i = 0; i < N_KINDS; i++) {
        names[i] = kinds[i].name;
        if (strcmp(kinds[i].name, args.what) == 0) {
            return print_kind(&args, &kinds[i]);
        }
    }
    return unknown("list", args.what, names, N_KINDS);
}
