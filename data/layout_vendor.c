/* data/layout_vendor.c - layouts that are known by position: Binance klines, HistData, LEAN.
 *
 * Sources: binance-public-data's README (klines; microseconds from 2025 on), histdata.com's ASCII
 * format page (EST without daylight saving), LEAN's Data folder readmes (deci-cents, milliseconds
 * since midnight of the exchange's zone). */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "data/layout_arrange_internal.h"

enum {
    BINANCE_COLUMNS = 12,
    HISTDATA_COLUMNS = 6,
    LEAN_TRADE_COLUMNS = 6,
    LEAN_QUOTE_COLUMNS = 11
};

static void set_columns(csv_plan *plan, const csv_role *roles, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (roles[i] != ROLE_N) {
            plan->column_of[roles[i]] = (int32_t)i;
        }
    }
}

static void default_zone(csv_plan *plan, const char *name)
{
    if (plan->zone_name[0] == '\0') {
        (void)snprintf(plan->zone_name, sizeof(plan->zone_name), "%s", name);
    }
}

static time_shape shape_at(const layout_head *head, size_t row, time_format *format)
{
    const csv_field *first = layout_field(head, row, 0);
    return time_shape_of(first->text, first->size, format);
}

int layout_is_binance(const layout_head *head)
{
    time_format format = {0};
    if (layout_width(head, 0) != BINANCE_COLUMNS) {
        return 0;
    }
    return layout_find_name(head, 0, "close time") == 6 ||
           (shape_at(head, 0, &format) == TIME_SHAPE_EPOCH && format.unit_ns <= 1000000);
}

fel_status layout_arrange_binance(const layout_head *head, csv_plan *plan)
{
    static const csv_role roles[] = {ROLE_TIME, ROLE_OPEN,  ROLE_HIGH,
                                     ROLE_LOW,  ROLE_CLOSE, ROLE_VOLUME};
    time_format format = {0};
    if (layout_width(head, 0) != BINANCE_COLUMNS) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: layout binance has 12 columns, this file has %zu",
                         head->path, layout_width(head, 0));
    }
    set_columns(plan, roles, sizeof(roles) / sizeof(roles[0]));
    plan->skip_rows = shape_at(head, 0, &format) == TIME_SHAPE_NONE ? 1 : 0;
    return layout_take_bars(head, plan);
}

/* "20170102 020000" */
static int is_histdata_time(const csv_field *field)
{
    return field->size == 15 && field->text[8] == ' ' &&
           memchr(field->text, ':', field->size) == NULL;
}

int layout_is_histdata(const layout_head *head)
{
    return head->delimiter == ';' && layout_width(head, 0) == HISTDATA_COLUMNS &&
           is_histdata_time(layout_field(head, 0, 0));
}

fel_status layout_arrange_histdata(const layout_head *head, csv_plan *plan)
{
    static const csv_role roles[] = {ROLE_TIME, ROLE_OPEN,  ROLE_HIGH,
                                     ROLE_LOW,  ROLE_CLOSE, ROLE_VOLUME};
    if (layout_width(head, 0) < HISTDATA_COLUMNS - 1) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: layout histdata has 6 columns, this file has %zu",
                         head->path, layout_width(head, 0));
    }
    set_columns(plan, roles, layout_width(head, 0) < HISTDATA_COLUMNS ? 5 : 6);
    default_zone(plan, "Etc/GMT+5");
    return layout_take_bars(head, plan);
}

/* The day in a name such as 20131011_spy_minute_trade.csv or 20131011_trade.zip. */
static int day_of_name(const char *name, int64_t *days)
{
    const char *slash = strrchr(name, '/');
    const char *base = slash != NULL ? slash + 1 : name;
    time_format format = {.shape = TIME_SHAPE_COMPACT};
    time_stamp stamp;
    if (strspn(base, "0123456789") != 8 || base[8] != '_' ||
        time_text_read(&format, base, 8, &stamp) != TIME_FAULT_NONE) {
        return 0;
    }
    *days = time_day_of(stamp.wall_ns);
    return 1;
}

static int lean_day(const layout_head *head, int64_t *days)
{
    return day_of_name(head->entry, days) || day_of_name(head->path, days);
}

static int is_millisecond_of_day(const csv_field *field)
{
    uint32_t n = 0;
    while (n < field->size && isdigit((unsigned char)field->text[n])) {
        n++;
    }
    return n > 0 && n == field->size && n <= 8;
}

int layout_is_lean(const layout_head *head)
{
    int64_t days = 0;
    const size_t width = layout_width(head, 0);
    if (head->delimiter != ',' || (width != LEAN_TRADE_COLUMNS && width != LEAN_QUOTE_COLUMNS)) {
        return 0;
    }
    const csv_field *first = layout_field(head, 0, 0);
    const int is_day = first->size == 14 && first->text[8] == ' ' && first->text[11] == ':';
    return is_day || (is_millisecond_of_day(first) && lean_day(head, &days));
}

/* Prices of equities are whole numbers of 1/10000; other markets' have a point. */
static double lean_divisor(const layout_head *head)
{
    for (size_t r = 0; r < head->rows.n_rows; r++) {
        const size_t width = layout_width(head, r) < 5 ? layout_width(head, r) : 5;
        for (size_t c = 1; c < width; c++) {
            const csv_field *field = layout_field(head, r, c);
            if (memchr(field->text, '.', field->size) != NULL) {
                return 1.0;
            }
        }
    }
    return 10000.0;
}

/* The last component of a path that ends at `end`. */
static const char *component_before(const char *path, const char *end)
{
    const char *at = end;
    while (at > path && at[-1] != '/') {
        at--;
    }
    return at;
}

/* SPY from 20131011_spy_minute_trade.csv, from .../spy/20131011_trade.zip or from .../spy.zip. */
static void lean_symbol(const layout_head *head, csv_plan *plan)
{
    int64_t days = 0;
    const char *entry = component_before(head->entry, head->entry + strlen(head->entry));
    const char *base = component_before(head->path, head->path + strlen(head->path));
    const char *dated = day_of_name(entry, &days) ? entry : base, *name = base;
    if (day_of_name(dated, &days) && strchr(dated + 9, '_') != NULL) {
        name = dated + 9;
    } else if (day_of_name(base, &days) && base > head->path) {
        name = component_before(head->path, base - 1);
    }
    const size_t n = strcspn(name, "/._");
    for (size_t i = 0; i < n && i + 1 < sizeof(plan->symbol); i++) {
        plan->symbol[i] = (char)toupper((unsigned char)name[i]);
    }
}

fel_status layout_arrange_lean(const layout_head *head, csv_plan *plan)
{
    static const csv_role trades[] = {ROLE_TIME, ROLE_OPEN,  ROLE_HIGH,
                                      ROLE_LOW,  ROLE_CLOSE, ROLE_VOLUME};
    static const csv_role quotes[] = {ROLE_TIME, ROLE_N,        ROLE_N,       ROLE_N,
                                      ROLE_BID,  ROLE_BID_SIZE, ROLE_N,       ROLE_N,
                                      ROLE_N,    ROLE_ASK,      ROLE_ASK_SIZE};
    const size_t width = layout_width(head, 0);
    const int is_quotes = width == LEAN_QUOTE_COLUMNS;
    if (width != LEAN_TRADE_COLUMNS && !is_quotes) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: layout lean has 6 or 11 columns, this file has %zu",
                         head->path, width);
    }
    set_columns(plan, is_quotes ? quotes : trades, width);
    if (is_millisecond_of_day(layout_field(head, 0, 0))) {
        plan->format = (time_format){.shape = TIME_SHAPE_OF_DAY, .unit_ns = 1000000};
        if (!lean_day(head, &plan->format.base_days)) {
            return FEL_RAISE(FEL_ERR_FORMAT,
                             "%s: its name does not begin with the day, as in 20131011_trade.zip",
                             head->path);
        }
    }
    if (plan->symbol[0] == '\0') {
        lean_symbol(head, plan);
    }
    default_zone(plan, "America/New_York");
    plan->divisor = lean_divisor(head);
    plan->missing = is_quotes ? MISSING_ONE_SIDE : MISSING_IS_BAD;
    return is_quotes ? layout_take_quotes(head, plan) : layout_take_bars(head, plan);
}

/* ---- LEAN's factor files --------------------------------------------------------------------- */

/* "20140606,0.9,0.0357,645.57", no header; a file of symbols has a word in column 2. */
int layout_is_lean_factors(const layout_head *head)
{
    const size_t width = layout_width(head, 0);
    if (head->delimiter != ',' || (width != 3 && width != 4)) {
        return 0;
    }
    const csv_field *date = layout_field(head, 0, 0), *factor = layout_field(head, 0, 1);
    return date->size == 8 && memchr(date->text, '-', 8) == NULL && factor->size > 0 &&
           isdigit((unsigned char)factor->text[0]) &&
           isdigit((unsigned char)layout_field(head, 0, 2)->text[0]);
}

/* Without the close of its day a factor says nothing of the dividend's size. */
fel_status layout_arrange_lean_factors(const layout_head *head, csv_plan *plan)
{
    static const csv_value values[] = {{1, CSV_PRICE_FACTOR, VALUE_PRICE},
                                       {2, CSV_SPLIT_FACTOR, VALUE_PRICE},
                                       {3, CSV_REFERENCE, VALUE_AMOUNT}};
    if (layout_width(head, 0) != 4) {
        return FEL_RAISE(FEL_ERR_FORMAT,
                         "%s: has %zu columns; layout lean_factors is date, price factor, split "
                         "factor and close",
                         head->path, layout_width(head, 0));
    }
    plan->column_of[ROLE_TIME] = 0;
    plan->kind = FEL_DATA_ACTION;
    plan->n_columns = FEL_ACTION_COLUMNS;
    memcpy(plan->values, values, sizeof(values));
    plan->n_values = sizeof(values) / sizeof(values[0]);
    if (plan->symbol[0] == '\0') {
        lean_symbol(head, plan);
    }
    default_zone(plan, "America/New_York");
    return FEL_OK;
}
