/* models/dataset_panel.c - a panel: features and targets of one or several series, side by side. */
#include <stdio.h>
#include <stdlib.h>

#include "models/dataset_internal.h"

enum { MOST_SEQUENCE = 100000, MOST_HOLD = 100000 };

fel_panel_config fel_panel_config_default(void)
{
    const fel_panel_config config = {
        .struct_size = sizeof(config), .entry = FEL_ENTRY_NEXT_OPEN, .sequence = 1, .hold_bars = 1};
    return config;
}

fel_status panel_no_memory(const panel_work *w)
{
    return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu rows of %zu features and %zu targets",
                     w->n_rows, w->panel->n_columns, w->config->n_targets);
}

/* ---- is the configuration sound -------------------------------------------------------------- */

static fel_status check_config(const fel_panel_config *c)
{
    if (c->n_series == 0 || c->n_features == 0 || c->n_targets == 0) {
        return FEL_RAISE(FEL_ERR_ARG,
                         "a panel of %zu series, %zu features, %zu targets; at least "
                         "one of each",
                         c->n_series, c->n_features, c->n_targets);
    }
    if (c->sequence == 0 || c->sequence > MOST_SEQUENCE) {
        return FEL_RAISE(FEL_ERR_RANGE, "a sequence of %zu rows; 1 to %d are allowed", c->sequence,
                         (int)MOST_SEQUENCE);
    }
    if (c->hold_bars == 0 || c->hold_bars > MOST_HOLD) {
        return FEL_RAISE(FEL_ERR_RANGE, "positions held %zu bars; 1 to %d are allowed",
                         c->hold_bars, (int)MOST_HOLD);
    }
    for (size_t i = 0; i < c->n_features; i++) {
        FEL_TRY(fel_feature_check(&c->features[i]));
    }
    for (size_t i = 0; i < c->n_targets; i++) {
        FEL_TRY(fel_target_check(&c->targets[i]));
        if (c->targets[i].code->is_ranked && c->n_series < 2) {
            return FEL_RAISE(FEL_ERR_ARG, "target %s compares series of one instant; there is 1",
                             c->targets[i].code->name);
        }
    }
    return FEL_OK;
}

/* ---- names ----------------------------------------------------------------------------------- */

static fel_status name_columns(panel_work *w)
{
    fel_panel *panel = w->panel;
    char text[FEL_FEATURE_LABEL_SIZE];
    size_t n = 0;
    for (size_t i = 0; i < w->config->n_features; i++) {
        n += w->config->features[i].code->n_outputs;
    }
    panel->columns = arena_array(&panel->memory, n, sizeof(*panel->columns));
    if (panel->columns == NULL) {
        return panel_no_memory(w);
    }
    for (size_t i = 0; i < w->config->n_features; i++) {
        const fel_feature *feature = &w->config->features[i];
        for (size_t k = 0; k < feature->code->n_outputs; k++) {
            fel_feature_label(feature, k, text, sizeof(text));
            panel->columns[panel->n_columns] = arena_text(&panel->memory, text);
            if (panel->columns[panel->n_columns++] == NULL) {
                return panel_no_memory(w);
            }
        }
    }
    return FEL_OK;
}

static fel_status name_targets(panel_work *w)
{
    fel_panel *panel = w->panel;
    char text[FEL_TARGET_LABEL_SIZE];
    panel->targets = arena_array(&panel->memory, w->config->n_targets, sizeof(*panel->targets));
    for (size_t t = 0; panel->targets != NULL && t < w->config->n_targets; t++) {
        fel_target_label(&w->config->targets[t], text, sizeof(text));
        panel->targets[t] = arena_text(&panel->memory, text);
        if (panel->targets[t] == NULL) {
            return panel_no_memory(w);
        }
    }
    return panel->targets != NULL ? FEL_OK : panel_no_memory(w);
}

/* ---- room ------------------------------------------------------------------------------------ */

static fel_status place_series(panel_work *w)
{
    fel_panel *panel = w->panel;
    panel->n_parts = w->config->n_series;
    panel->parts = arena_array(&panel->memory, panel->n_parts, sizeof(*panel->parts));
    if (panel->parts == NULL) {
        return panel_no_memory(w);
    }
    for (size_t s = 0; s < panel->n_parts; s++) {
        const fel_series *bars = w->config->series[s].bars;
        panel_part *part = &panel->parts[s];
        (void)snprintf(part->symbol, sizeof(part->symbol), "%s",
                       fel_series_describe(bars)->instrument.symbol);
        part->first = w->n_rows;
        part->n = fel_series_rows(bars).n;
        w->n_rows += part->n;
    }
    return FEL_OK;
}

static fel_status make_room(panel_work *w)
{
    const size_t n = w->n_rows, n_targets = w->config->n_targets;
    w->rows = arena_array(&w->panel->memory, n, w->panel->n_columns * sizeof(double));
    w->opens = arena_array(&w->memory, n, sizeof(double));
    w->closes = arena_array(&w->memory, n, sizeof(double));
    w->times_ns = arena_array(&w->memory, n, sizeof(int64_t));
    w->open_ns = arena_array(&w->memory, n, sizeof(int64_t));
    w->targets = arena_array(&w->memory, n, n_targets * sizeof(double));
    w->target_times_ns = arena_array(&w->memory, n, sizeof(int64_t));
    w->returns = arena_array(&w->memory, n, sizeof(double));
    const int is_there = w->rows != NULL && w->opens != NULL && w->closes != NULL &&
                         w->times_ns != NULL && w->open_ns != NULL && w->targets != NULL &&
                         w->target_times_ns != NULL && w->returns != NULL;
    return is_there ? FEL_OK : panel_no_memory(w);
}

/* ---- create ---------------------------------------------------------------------------------- */

static fel_status fill(panel_work *w)
{
    FEL_TRY(name_columns(w));
    FEL_TRY(name_targets(w));
    FEL_TRY(place_series(w));
    FEL_TRY(make_room(w));
    w->panel->rolling_bars = w->config->rolling_bars;
    for (size_t s = 0; s < w->panel->n_parts; s++) {
        FEL_TRY(panel_fill_rows(w, s));
    }
    FEL_TRY(panel_fill_targets(w));
    return panel_list_samples(w);
}

fel_status fel_panel_create(fel_panel **out, const fel_panel_config *config)
{
    FEL_TRY(check_config(config));
    panel_work w = {.config = config, .panel = calloc(1, sizeof(fel_panel))};
    if (w.panel == NULL) {
        return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for a panel of %zu series",
                         config->n_series);
    }
    const fel_status status = fill(&w);
    arena_free(&w.memory);
    if (status != FEL_OK) {
        fel_panel_destroy(w.panel);
        return status;
    }
    *out = w.panel;
    return FEL_OK;
}

void fel_panel_destroy(fel_panel *panel)
{
    if (panel != NULL) {
        arena_free(&panel->memory);
        free(panel);
    }
}

/* ---- look at --------------------------------------------------------------------------------- */

const fel_samples *fel_panel_samples(const fel_panel *panel)
{
    return &panel->samples;
}

const char *fel_panel_column(const fel_panel *panel, size_t column)
{
    return column < panel->n_columns ? panel->columns[column] : NULL;
}

const char *fel_panel_target(const fel_panel *panel, size_t target)
{
    return target < panel->samples.n_targets ? panel->targets[target] : NULL;
}

const char *fel_panel_symbol(const fel_panel *panel, size_t series)
{
    return series < panel->n_parts ? panel->parts[series].symbol : NULL;
}
