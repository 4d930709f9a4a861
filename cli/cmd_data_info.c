/* cli/cmd_data_info.c - feller data info STORE|CSV: what is there, from when to when. */
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/csv_flags_internal.h"

enum { KEY_JSON = 0x200 };

typedef struct info_args {
    const char *command, *path;
    fel_csv_options options;
    int json;
} info_args;

static const struct argp_option flags[] = {
    {"json", KEY_JSON, NULL, 0, "Print as JSON", 0},
    CSV_FLAG_ROWS,
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    info_args *args = state->input;
    if (csv_flag_is(key)) {
        return csv_flag_read(&args->options, args->command, key, text);
    }
    switch (key) {
    case KEY_JSON:
        args->json = 1;
        return 0;
    case ARGP_KEY_ARG:
        if (args->path != NULL) {
            return cli_usage(args->command, "%s: one at a time, not also %s", args->command, text);
        }
        args->path = text;
        return 0;
    case ARGP_KEY_END:
        return args->path != NULL
                   ? 0
                   : cli_usage(args->command, "%s: needs a store or a CSV file", args->command);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- one series ------------------------------------------------------------------------------ */

/* The largest whole unit: "1w", "1d", "15m", "90s". */
static void length_text(int64_t length_ns, char *text, size_t size)
{
    static const struct {
        int64_t ns;
        char letter;
    } units[] = {{7 * FEL_NS_PER_DAY, 'w'},
                 {FEL_NS_PER_DAY, 'd'},
                 {FEL_NS_PER_HOUR, 'h'},
                 {FEL_NS_PER_MINUTE, 'm'},
                 {FEL_NS_PER_SECOND, 's'}};
    (void)snprintf(text, size, "%s", "");
    for (size_t i = 0; length_ns > 0 && i < sizeof(units) / sizeof(units[0]); i++) {
        if (length_ns % units[i].ns == 0) {
            (void)snprintf(text, size, "%lld%c", (long long)(length_ns / units[i].ns),
                           units[i].letter);
            return;
        }
    }
}

/* All that is known of a series, for programs. */
static json_t *entry_json(const fel_store_entry *e)
{
    static const char *const kinds[] = {"?", "bars", "quotes", "signals", "actions"};
    static const char *const adjustments[] = {"raw", "split", "total_return"};
    char length[32], first[40], last[40];
    length_text(e->info.length_ns, length, sizeof(length));
    fel_time_format(e->first_ns, first, sizeof(first));
    fel_time_format(e->last_ns, last, sizeof(last));
    json_t *columns = json_array();
    for (uint32_t i = 0; i < e->info.n_columns; i++) {
        (void)json_array_append_new(columns, json_string(e->info.columns[i]));
    }
    return json_pack(
        "{s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:s, s:f, s:s, s:o, s:i, s:I, s:s}", "symbol",
        e->info.instrument.symbol, "kind", kinds[e->info.kind], "length", length, "rows",
        (json_int_t)e->n_rows, "first", e->n_rows > 0 ? first : "", "last",
        e->n_rows > 0 ? last : "", "zone", e->info.zone, "currency", e->info.instrument.currency,
        "ticks_per_unit", e->info.instrument.ticks_per_unit, "adjustment",
        adjustments[e->info.adjustment], "columns", columns, "segments", (int)e->n_segments,
        "bytes", (json_int_t)e->n_bytes, "source_hash", e->info.source_hash);
}

/* The day that a row belongs to on the calendar of the series' zone. Actions are dated at the first
 * instant of their day, everything else at the end of what it tells. */
static void day_text(const fel_series_info *info, int64_t time_ns, char *text, size_t size)
{
    int64_t offset_ns = 0;
    if (fel_zone_offset(info->zone, time_ns, &offset_ns) != FEL_OK) {
        offset_ns = 0; /* a zone that this program's tables do not know */
    }
    fel_day_format(time_ns + offset_ns + (info->kind == FEL_DATA_ACTION ? 1 : 0), text, size);
}

/* One line a series, for people. */
static void print_entry(const fel_store_entry *e)
{
    static const char *const kinds[] = {"?", "bars", "quotes", "signals", "actions"};
    static const char *const adjustments[] = {"raw", "split-adjusted", "total return"};
    char length[32], first[40], last[40], grid[48] = "no tick grid";
    length_text(e->info.length_ns, length, sizeof(length));
    day_text(&e->info, e->first_ns, first, sizeof(first));
    day_text(&e->info, e->last_ns, last, sizeof(last));
    if (e->info.instrument.ticks_per_unit > 0.0) {
        (void)snprintf(grid, sizeof(grid), "tick 1/%.15g", e->info.instrument.ticks_per_unit);
    }
    (void)printf("%-12s %s %-7s %10llu rows  %s to %s", e->info.instrument.symbol,
                 kinds[e->info.kind], length, (unsigned long long)e->n_rows,
                 e->n_rows > 0 ? first : "-", e->n_rows > 0 ? last : "-");
    if (e->info.kind == FEL_DATA_BAR) {
        (void)printf("  %s, %s", adjustments[e->info.adjustment], grid);
    }
    if (e->info.zone[0] != '\0') {
        (void)printf(", %s", e->info.zone);
    }
    if (e->n_bytes > 0) {
        const int is_large = e->n_bytes >= 1000000;
        (void)printf(", %.1f %s in %u segment%s", (double)e->n_bytes / (is_large ? 1e6 : 1e3),
                     is_large ? "MB" : "kB", e->n_segments, e->n_segments == 1 ? "" : "s");
    }
    (void)putchar('\n');
}

static void show_entry(const fel_store_entry *e, json_t *list)
{
    if (list != NULL) {
        (void)json_array_append_new(list, entry_json(e));
    } else {
        print_entry(e);
    }
}

/* ---- stores and files ------------------------------------------------------------------------ */

static fel_status show_store(const char *path, json_t *list)
{
    fel_store *store = NULL;
    FEL_TRY(fel_store_open(&store, path));
    for (size_t i = 0; i < fel_store_count(store); i++) {
        show_entry(fel_store_entry_at(store, i), list);
    }
    fel_store_close(store);
    return FEL_OK;
}

static fel_status show_csv(const info_args *args, json_t *list)
{
    fel_series_list series = {NULL, 0};
    fel_csv_summary summary;
    memset(&summary, 0, sizeof(summary));
    FEL_TRY(fel_csv_read(&series, args->path, &args->options, &summary));
    if (list == NULL) {
        csv_print_summary(args->path, &args->options, &summary);
    }
    for (size_t i = 0; i < series.n; i++) {
        const fel_block rows = fel_series_rows(series.items[i]);
        const fel_store_entry entry = {.info = *fel_series_describe(series.items[i]),
                                       .n_rows = rows.n,
                                       .first_ns = rows.n > 0 ? rows.time_ns[0] : 0,
                                       .last_ns = rows.n > 0 ? rows.time_ns[rows.n - 1] : 0};
        show_entry(&entry, list);
    }
    fel_series_list_clear(&series);
    return FEL_OK;
}

int cmd_data_info(int argc, char **argv)
{
    static const struct argp argp = {
        flags, parse, "STORE|CSV", "Say what a store or a CSV file holds.", NULL, NULL, NULL};
    info_args args = {.command = argv[0], .options = fel_csv_options_default()};
    struct stat place;
    int code = cli_parse(&argp, argc, argv, &args);
    if (code != 0) {
        return code;
    }
    json_t *list = args.json ? json_array() : NULL;
    const int is_folder = stat(args.path, &place) == 0 && S_ISDIR(place.st_mode);
    const fel_status status = is_folder ? show_store(args.path, list) : show_csv(&args, list);
    code = status == FEL_OK ? CLI_DONE : cli_fail(status);
    if (code == CLI_DONE && args.json) {
        (void)json_dumpf(list, stdout, JSON_INDENT(2));
        (void)putchar('\n');
    }
    json_decref(list);
    return code;
}
