/* data/csv_plan.c - from the head of a file and the options to the plan that all rows are read by.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "data/layout_internal.h"

static int is_one_of(const char *word, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(word, words[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

static fel_status check_options(const fel_csv_options *o)
{
    static const char *const stamps[] = {"", "open", "close"};
    static const char *const formats[] = {"", "dmy", "mdy", "ymd"};
    if (o->struct_size != sizeof(*o)) {
        return FEL_RAISE(FEL_ERR_ARG, "csv options were not made by fel_csv_options_default");
    }
    if (!is_one_of(o->stamp, stamps, 3)) {
        return FEL_RAISE(FEL_ERR_ARG, "stamp \"%s\" is not open or close", o->stamp);
    }
    if (!is_one_of(o->date_format, formats, 4)) {
        return FEL_RAISE(FEL_ERR_ARG, "date_format \"%s\" is not dmy, mdy or ymd", o->date_format);
    }
    if (o->length_ns < 0) {
        return FEL_RAISE(FEL_ERR_ARG, "a bar length of %lld ns is negative",
                         (long long)o->length_ns);
    }
    if (!(o->ticks_per_unit >= 0.0) || o->ticks_per_unit > 1e12) {
        return FEL_RAISE(FEL_ERR_ARG, "ticks_per_unit %g is not in [0, 1e12]", o->ticks_per_unit);
    }
    return FEL_OK;
}

/* ---- delimiter
 * ----------------------------------------------------------------------------------- */

enum { DELIMITER_ROWS = 20 };

/* How many of the first rows agree with the commonest width, times that width; 0 for one column. */
static size_t score_rows(const layout_head *head)
{
    const size_t n = head->rows.n_rows < DELIMITER_ROWS ? head->rows.n_rows : DELIMITER_ROWS;
    size_t best = 0;
    for (size_t i = 0; i < n; i++) {
        size_t same = 0;
        for (size_t j = 0; j < n; j++) {
            same += layout_width(head, j) == layout_width(head, i) ? 1 : 0;
        }
        const size_t score = layout_width(head, i) < 2 ? 0 : same * 1000 + layout_width(head, i);
        best = score > best ? score : best;
    }
    return best;
}

/* A fault of quoting is told when its row is reached, with the rows before it read: it is one of
 * the head only where there are none. */
static fel_status parse_head(layout_head *head, char delimiter, int *is_faulty)
{
    const fel_status status = csv_rows_parse(&head->rows, head->bytes, head->size, delimiter);
    *is_faulty = status != FEL_OK && head->rows.n_rows == 0;
    return status == FEL_ERR_NOMEM ? status : FEL_OK;
}

static fel_status raise_quote(const layout_head *head)
{
    return FEL_RAISE(FEL_ERR_FORMAT, "%s: row %u: a quote is not closed or stands inside a field",
                     head->path, head->rows.fault_line + 1);
}

static fel_status find_delimiter(layout_head *head)
{
    static const char candidates[] = {',', ';', '\t', '|'};
    size_t best = 0;
    int is_faulty = 0;
    head->delimiter = head->options->delimiter;
    if (head->delimiter == 0) {
        head->delimiter = ',';
    }
    if (strchr("\r\n\"", head->delimiter) != NULL) {
        return FEL_RAISE(FEL_ERR_ARG, "a delimiter cannot be a quote or a line end");
    }
    for (size_t i = 0; head->options->delimiter == 0 && i < sizeof(candidates); i++) {
        FEL_TRY(parse_head(head, candidates[i], &is_faulty));
        const size_t score = score_rows(head);
        if (score > best) {
            best = score;
            head->delimiter = candidates[i];
        }
    }
    FEL_TRY(parse_head(head, head->delimiter, &is_faulty));
    if (is_faulty) {
        return raise_quote(head);
    }
    if (head->rows.n_rows == 0) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: has no rows", head->path);
    }
    if (layout_width(head, 0) < 2 && layout_width(head, 1) < 2) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: row 1 has a single column with delimiter \"%s\"",
                         head->path,
                         head->delimiter == '\t' ? "tab" : (const char[]){head->delimiter, 0});
    }
    return FEL_OK;
}

/* ---- layout
 * -------------------------------------------------------------------------------------- */

static fel_status name_layout(const char *name, const layout_class **layout)
{
    const char *names[32];
    for (size_t i = 0; i < n_layout_classes; i++) {
        names[i] = layout_classes[i].row.name;
        if (strcmp(names[i], name) == 0) {
            *layout = &layout_classes[i];
            return FEL_OK;
        }
    }
    const size_t nearest = nearest_name(name, names, n_layout_classes);
    return FEL_RAISE(FEL_ERR_ARG, "layout \"%s\" is not known%s%s", name,
                     nearest < n_layout_classes ? "; nearest is " : "; see the list of layouts",
                     nearest < n_layout_classes ? names[nearest] : "");
}

static fel_status find_layout(const layout_head *head, csv_plan *plan)
{
    if (head->options->layout[0] != '\0') {
        return name_layout(head->options->layout, &plan->layout);
    }
    for (size_t i = 0; i < n_layout_classes; i++) {
        if (layout_classes[i].detect(head)) {
            plan->layout = &layout_classes[i];
            return FEL_OK;
        }
    }
    const csv_row *row = &head->rows.rows[0];
    return FEL_RAISE(
        FEL_ERR_FORMAT,
        "%s: row 1, \"%.*s\", names no time and price columns; name a layout or a map such "
        "as time=1,close=5",
        head->path, layout_clip(row->raw_size, 60), head->bytes + row->raw_start);
}

/* Columns are called by the header's words, else by their roles, else by number. */
static fel_status name_columns(const layout_head *head, csv_plan *plan)
{
    plan->n_fields = (uint32_t)layout_width(head, 0);
    if (plan->n_fields > CSV_MOST_FIELDS) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: row 1 has %u columns, more than %d", head->path,
                         plan->n_fields, (int)CSV_MOST_FIELDS);
    }
    plan->names = calloc((size_t)plan->n_fields + 1, sizeof(plan->names[0]));
    if (plan->names == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "%s: no memory for its columns", head->path);
    }
    for (uint32_t c = 0; c < plan->n_fields; c++) {
        const csv_field *field = layout_field(head, 0, c);
        if (plan->skip_rows > 0 && field->size > 0) {
            (void)snprintf(plan->names[c], CSV_NAME_SIZE, "%.*s",
                           layout_clip(field->size, CSV_NAME_SIZE - 1), field->text);
        } else {
            (void)snprintf(plan->names[c], CSV_NAME_SIZE, "%u", c + 1);
        }
    }
    for (int role = 0; role < ROLE_N; role++) {
        const int32_t c = plan->column_of[role];
        if (c != NO_COLUMN && (plan->skip_rows == 0 || plan->names[c][0] <= '9')) {
            (void)snprintf(plan->names[c], CSV_NAME_SIZE, "%s", layout_role_names[role]);
        }
    }
    return FEL_OK;
}

/* ---- zone, session, symbol
 * ----------------------------------------------------------------------- */

static fel_status read_session(const char *text, csv_place *place)
{
    const char *dash = strchr(text, '-');
    if (text[0] == '\0') {
        return FEL_OK;
    }
    place->has_session = 1;
    if (dash == NULL ||
        time_clock_read(text, (size_t)(dash - text), &place->session_open_ns) != TIME_FAULT_NONE ||
        time_clock_read(dash + 1, strlen(dash + 1), &place->session_close_ns) != TIME_FAULT_NONE) {
        return FEL_RAISE(FEL_ERR_ARG, "session \"%s\" is not like 09:30-16:00", text);
    }
    if (place->session_close_ns == 0) {
        place->session_close_ns = FEL_NS_PER_DAY;
    }
    return FEL_OK;
}

/* The file's name without folders and endings. */
static void name_symbol(const char *path, char symbol[FEL_SYMBOL_SIZE])
{
    static const char *const endings[] = {".gz",  ".zst", ".zip", ".bz2", ".xz",
                                          ".csv", ".txt", ".CSV", ".tsv"};
    const char *slash = strrchr(path, '/');
    (void)snprintf(symbol, FEL_SYMBOL_SIZE, "%s", slash != NULL ? slash + 1 : path);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
            const size_t n = strlen(symbol), m = strlen(endings[i]);
            if (n > m && strcmp(symbol + n - m, endings[i]) == 0) {
                symbol[n - m] = '\0';
            }
        }
    }
}

/* At least one row at the head must be as wide as row 1. */
static fel_status check_widths(const layout_head *head, const csv_plan *plan)
{
    for (size_t r = plan->skip_rows; r < head->rows.n_rows; r++) {
        if (layout_width(head, r) == plan->n_fields) {
            return FEL_OK;
        }
    }
    const csv_row *first = &head->rows.rows[plan->skip_rows];
    return FEL_RAISE(FEL_ERR_FORMAT, "%s: row %u: has %u columns, not %u", head->path,
                     first->line + 1, first->n_fields, plan->n_fields);
}

static void begin_plan(csv_plan *plan, const layout_head *head)
{
    const fel_csv_options *o = head->options;
    for (int role = 0; role < ROLE_N; role++) {
        plan->column_of[role] = NO_COLUMN;
    }
    plan->delimiter = head->delimiter;
    plan->adjustment = o->adjustment;
    plan->allow_negative = o->allow_negative;
    plan->no_gaps = !o->allow_gaps;
    plan->divisor = 1.0;
    plan->ticks_per_unit = o->ticks_per_unit;
    memcpy(plan->zone_name, o->zone, sizeof(plan->zone_name));
    memcpy(plan->symbol, o->symbol, sizeof(plan->symbol));
}

fel_status csv_plan_make(csv_plan *plan, layout_head *head)
{
    FEL_TRY(check_options(head->options));
    FEL_TRY(find_delimiter(head));
    begin_plan(plan, head);
    FEL_TRY(find_layout(head, plan));
    FEL_TRY(plan->layout->arrange(head, plan));
    FEL_TRY(name_columns(head, plan));
    FEL_TRY(read_session(head->options->session, &plan->place));
    if (plan->skip_rows >= head->rows.n_rows) {
        if (head->rows.fault_line > 0) {
            return raise_quote(head);
        }
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: has a header and no rows", head->path);
    }
    FEL_TRY(check_widths(head, plan));
    if (plan->place.has_session && plan->kind != FEL_DATA_BAR && plan->kind != FEL_DATA_SIGNAL &&
        plan->kind != FEL_DATA_ACTION) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: its rows are dated by instants: a session means nothing",
                         head->path);
    }
    plan->place.to_zone = plan->zone_name[0] != '\0';
    FEL_TRY(zone_create(&plan->place.zone, plan->zone_name));
    if (plan->column_of[ROLE_SYMBOL] == NO_COLUMN && plan->symbol[0] == '\0') {
        name_symbol(head->path, plan->symbol);
    }
    FEL_TRY(layout_read_format(head, plan));
    return layout_place(head, plan);
}

void csv_plan_clear(csv_plan *plan)
{
    zone_destroy(plan->place.zone);
    free(plan->names);
    *plan = (csv_plan){0};
}
