/* models/feature_stream.c - several features over one series, bar by bar, with checks of what goes
 * in and what comes out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "models/feature_internal.h"

typedef struct stream_item {
    fel_feature feature;
    void *state;
    size_t first, column; /* place of its numbers; of its signal among the plan's */
} stream_item;

struct fel_feature_stream {
    arena memory;
    stream_item *items;
    size_t n_items, width, n_rows, warm_up;
    uint32_t inputs; /* of all */
    char symbol[FEL_SYMBOL_SIZE];
    fel_zone *zone;       /* NULL: no item asks for it */
    fel_moments *rolling; /* width of them; NULL: none */
    unsigned char *seen;  /* width: has had a number */
    price_adjuster adjuster;
    int is_ready;
};

fel_feature_plan fel_feature_plan_default(const fel_feature *features, size_t n_features)
{
    const fel_feature_plan plan = {
        .struct_size = sizeof(plan), .features = features, .n_features = n_features};
    return plan;
}

/* ---- create ---------------------------------------------------------------------------------- */

static fel_status no_memory(size_t n)
{
    return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu features", n);
}

static fel_status find_column(const fel_feature_plan *plan, stream_item *item)
{
    if ((item->feature.code->inputs & FEL_INPUT_SIGNAL) == 0) {
        return FEL_OK;
    }
    for (size_t c = 0; c < plan->n_columns; c++) {
        if (strcmp(plan->columns[c], item->feature.column) == 0) {
            item->column = c;
            return FEL_OK;
        }
    }
    return FEL_RAISE(FEL_ERR_NOTFOUND, "%s: no signal column \"%s\"; there %s %zu%s%s",
                     plan->symbol != NULL ? plan->symbol : "", item->feature.column,
                     plan->n_columns == 1 ? "is" : "are", plan->n_columns,
                     plan->n_columns > 0 ? ", the first of them " : "",
                     plan->n_columns > 0 ? plan->columns[0] : "");
}

static fel_status add_item(fel_feature_stream *s, const fel_feature_plan *plan, size_t i)
{
    stream_item *item = &s->items[i];
    item->feature = plan->features[i];
    const fel_feature_class *code = item->feature.code;
    FEL_TRY(fel_feature_check(&item->feature));
    FEL_TRY(find_column(plan, item));
    const double *params = item->feature.params;
    item->state = arena_alloc(&s->memory, code->state_size != NULL ? code->state_size(params) : 0);
    if (item->state == NULL) {
        return no_memory(plan->n_features);
    }
    if (code->start != NULL) {
        code->start(item->state, params);
    }
    item->first = s->width;
    s->width += code->n_outputs;
    s->inputs |= code->inputs;
    const size_t warm_up = fel_feature_warm_up(&item->feature);
    s->warm_up = warm_up > s->warm_up ? warm_up : s->warm_up;
    return FEL_OK;
}

static fel_status add_rolling(fel_feature_stream *s, size_t bars)
{
    s->seen = arena_array(&s->memory, s->width, 1);
    if (s->seen == NULL) {
        return no_memory(s->width);
    }
    if (bars == 0) {
        return FEL_OK;
    }
    if (bars == 1 || bars > FEATURE_MOST_BARS) {
        return FEL_RAISE(FEL_ERR_RANGE, "rolling scale over %zu rows; 2 to %d are allowed", bars,
                         (int)FEATURE_MOST_BARS);
    }
    s->rolling = arena_array(&s->memory, s->width, sizeof(*s->rolling));
    if (s->rolling == NULL) {
        return no_memory(s->width);
    }
    for (size_t k = 0; k < s->width; k++) {
        void *memory = arena_alloc(&s->memory, fel_moments_size_bytes(bars));
        if (memory == NULL) {
            return no_memory(s->width);
        }
        fel_moments_init(&s->rolling[k], memory, bars);
    }
    s->warm_up += bars - 1;
    return FEL_OK;
}

static fel_status fill(fel_feature_stream *s, const fel_feature_plan *plan)
{
    if (plan->n_features == 0) {
        return FEL_RAISE(FEL_ERR_ARG, "no features; at least one is needed");
    }
    (void)snprintf(s->symbol, sizeof(s->symbol), "%s", plan->symbol != NULL ? plan->symbol : "");
    adjuster_init(&s->adjuster);
    s->n_items = plan->n_features;
    s->items = arena_array(&s->memory, s->n_items, sizeof(*s->items));
    if (s->items == NULL) {
        return no_memory(s->n_items);
    }
    for (size_t i = 0; i < s->n_items; i++) {
        FEL_TRY(add_item(s, plan, i));
    }
    if ((s->inputs & FEL_INPUT_TIME) != 0) {
        FEL_TRY(fel_zone_create(&s->zone, plan->zone));
    }
    return add_rolling(s, plan->rolling_bars);
}

fel_status fel_feature_stream_create(fel_feature_stream **out, const fel_feature_plan *plan)
{
    fel_feature_stream *s = calloc(1, sizeof(*s));
    if (s == NULL) {
        return no_memory(plan->n_features);
    }
    const fel_status status = fill(s, plan);
    if (status != FEL_OK) {
        fel_feature_stream_destroy(s);
        return status;
    }
    *out = s;
    return FEL_OK;
}

void fel_feature_stream_destroy(fel_feature_stream *stream)
{
    if (stream != NULL) {
        fel_zone_destroy(stream->zone);
        arena_free(&stream->memory);
        free(stream);
    }
}

size_t fel_feature_stream_width(const fel_feature_stream *stream)
{
    return stream->width;
}

size_t fel_feature_stream_warm_up(const fel_feature_stream *stream)
{
    return stream->warm_up;
}

int fel_feature_stream_is_ready(const fel_feature_stream *stream)
{
    return stream->is_ready;
}

fel_status fel_feature_stream_action(fel_feature_stream *stream, const fel_action *action)
{
    return adjuster_act(&stream->adjuster, action, stream->symbol);
}

/* ---- what goes in ---------------------------------------------------------------------------- */

/* The first feature that reads any of these, for messages. */
static const char *reader_of(const fel_feature_stream *s, uint32_t inputs)
{
    size_t i = 0;
    while (i + 1 < s->n_items && (s->items[i].feature.code->inputs & inputs) == 0) {
        i++;
    }
    return s->items[i].feature.code->name;
}

static fel_status bad_input(const fel_feature_stream *s, const fel_bar *bar, uint32_t inputs,
                            const char *what)
{
    char time[48];
    fel_time_format(bar->close_time_ns, time, sizeof(time));
    return FEL_RAISE(FEL_ERR_RANGE, "%s: row %zu (%s): %s, which feature %s needs", s->symbol,
                     s->n_rows, time, what, reader_of(s, inputs));
}

static fel_status check_prices(const fel_feature_stream *s, const fel_bar *bar)
{
    const struct {
        uint32_t input;
        const char *name;
        double value;
    } prices[] = {{FEL_INPUT_OPEN, "open", bar->open},
                  {FEL_INPUT_HIGH, "high", bar->high},
                  {FEL_INPUT_LOW, "low", bar->low},
                  {FEL_INPUT_CLOSE, "close", bar->close}};
    for (size_t i = 0; i < sizeof(prices) / sizeof(prices[0]); i++) {
        if ((s->inputs & prices[i].input) != 0 &&
            !(prices[i].value > 0.0 && isfinite(prices[i].value))) {
            char what[96];
            (void)snprintf(what, sizeof(what), "%s %g is not a number above 0", prices[i].name,
                           prices[i].value);
            return bad_input(s, bar, prices[i].input, what);
        }
    }
    return FEL_OK;
}

/* What the range features take for granted. */
static fel_status check_range(const fel_feature_stream *s, const fel_bar *bar)
{
    const uint32_t both = FEL_INPUT_HIGH | FEL_INPUT_LOW;
    const double close = (s->inputs & FEL_INPUT_CLOSE) != 0 ? bar->close : bar->low;
    const double open = (s->inputs & FEL_INPUT_OPEN) != 0 ? bar->open : close;
    const double top = fmax(open, close), bottom = fmin(open, close);
    if ((s->inputs & both) != both || (bar->low <= bottom && top <= bar->high)) {
        return FEL_OK;
    }
    char what[160];
    (void)snprintf(what, sizeof(what), "low %g, high %g do not enclose %g to %g", bar->low,
                   bar->high, bottom, top);
    return bad_input(s, bar, both, what);
}

static fel_status check_volume(const fel_feature_stream *s, const fel_bar *bar)
{
    if ((s->inputs & FEL_INPUT_VOLUME) == 0 || (bar->volume >= 0.0 && isfinite(bar->volume))) {
        return FEL_OK;
    }
    char what[96];
    (void)snprintf(what, sizeof(what), "volume %g is not a number of 0 or more", bar->volume);
    return bad_input(s, bar, FEL_INPUT_VOLUME, what);
}

/* ---- what comes out -------------------------------------------------------------------------- */

/* Replace a number by its z-score among the latest. */
static double roll(fel_moments *window, double x)
{
    if (isnan(x)) {
        return x;
    }
    fel_moments_push(window, x);
    if (!fel_moments_is_ready(window)) {
        return (double)NAN;
    }
    const double z = fel_moments_zscore(window, x);
    return isnan(z) ? 0.0 : z;
}

static fel_status bad_output(const fel_feature_stream *s, const fel_bar *bar,
                             const stream_item *item, size_t output, double value)
{
    char name[FEL_FEATURE_LABEL_SIZE], time[48];
    fel_feature_label(&item->feature, output, name, sizeof(name));
    fel_time_format(bar->close_time_ns, time, sizeof(time));
    return FEL_RAISE(FEL_ERR_RANGE, "%s: row %zu (%s): feature %s is %g", s->symbol, s->n_rows,
                     time, name, value);
}

/* A number may be missing in its warm-up, and of a signal before its first. */
static fel_status check_output(const fel_feature_stream *s, const fel_bar *bar,
                               const stream_item *item, size_t k, double value)
{
    const int is_late = (item->feature.code->inputs & FEL_INPUT_SIGNAL) != 0;
    const int may_miss = s->n_rows < fel_feature_warm_up(&item->feature) ||
                         (is_late && s->seen[item->first + k] == 0);
    if (isfinite(value) || (isnan(value) && may_miss)) {
        s->seen[item->first + k] = isfinite(value) ? 1 : 0;
        return FEL_OK;
    }
    return bad_output(s, bar, item, k, value);
}

static fel_status push_item(fel_feature_stream *s, const stream_item *item, fel_feature_input *in,
                            const double *signals, double *out)
{
    const fel_feature_class *code = item->feature.code;
    double *mine = out + item->first;
    in->signal = (code->inputs & FEL_INPUT_SIGNAL) != 0 ? signals[item->column] : (double)NAN;
    code->push(item->state, in, mine);
    for (size_t k = 0; k < code->n_outputs; k++) {
        FEL_TRY(check_output(s, &in->bar, item, k, mine[k]));
        if (s->rolling != NULL) {
            mine[k] = roll(&s->rolling[item->first + k], mine[k]);
        }
        s->is_ready = s->is_ready && !isnan(mine[k]);
    }
    return FEL_OK;
}

fel_status fel_feature_stream_push(fel_feature_stream *stream, const fel_bar *bar,
                                   const double *signals, double *out)
{
    fel_feature_input in = {.bar = *bar};
    FEL_TRY(check_prices(stream, bar));
    FEL_TRY(check_range(stream, bar));
    FEL_TRY(check_volume(stream, bar));
    if (stream->zone != NULL) {
        in.wall_ns = fel_zone_wall(stream->zone, bar->close_time_ns - 1);
    }
    adjuster_apply(&stream->adjuster, &in.bar);
    stream->is_ready = 1;
    for (size_t i = 0; i < stream->n_items; i++) {
        FEL_TRY(push_item(stream, &stream->items[i], &in, signals, out));
    }
    stream->n_rows++;
    return FEL_OK;
}
