/* data/layout_map.c - columns as the user names them: "time=Date,close=Last,volume=7". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/nearest.h"
#include "data/layout_arrange_internal.h"

const char *const layout_role_names[ROLE_N] = {
    [ROLE_TIME] = "time",         [ROLE_CLOCK] = "clock",       [ROLE_SYMBOL] = "symbol",
    [ROLE_END] = "end",           [ROLE_OPEN] = "open",         [ROLE_HIGH] = "high",
    [ROLE_LOW] = "low",           [ROLE_CLOSE] = "close",       [ROLE_VOLUME] = "volume",
    [ROLE_BID] = "bid",           [ROLE_ASK] = "ask",           [ROLE_BID_SIZE] = "bid_size",
    [ROLE_ASK_SIZE] = "ask_size", [ROLE_DIVIDEND] = "dividend", [ROLE_SPLIT] = "split",
    [ROLE_GAIN] = "gain",         [ROLE_PRICE] = "price",       [ROLE_QUANTITY] = "quantity",
    [ROLE_SIDE] = "side",         [ROLE_MAKER] = "maker",       [ROLE_FLAGS] = "flags",
    [ROLE_FUNDING] = "funding",   [ROLE_MARK] = "mark"};

static fel_status find_word(const char *word, csv_role *role)
{
    for (int i = 0; i < ROLE_N; i++) {
        if (strcmp(word, layout_role_names[i]) == 0) {
            *role = (csv_role)i;
            return FEL_OK;
        }
    }
    const size_t nearest = nearest_name(word, layout_role_names, ROLE_N);
    return FEL_RAISE(FEL_ERR_ARG, "map: \"%s\" is not a column that can be named%s%s", word,
                     nearest < ROLE_N ? "; nearest is " : "; time, open, high, low, close, ...",
                     nearest < ROLE_N ? layout_role_names[nearest] : "");
}

/* "close=Last": left a role, right a name of row 0 or a number from 1. */
static fel_status take_pair(const layout_head *head, csv_plan *plan, const char *pair, size_t size,
                            int *has_names)
{
    char word[32], name[64];
    const char *equals = memchr(pair, '=', size);
    if (equals == NULL || (size_t)(equals - pair) >= sizeof(word)) {
        return FEL_RAISE(FEL_ERR_ARG, "map: \"%.*s\" is not like close=Last or close=5",
                         layout_clip((uint32_t)size, 63), pair);
    }
    csv_role role = ROLE_TIME;
    (void)snprintf(word, sizeof(word), "%.*s", (int)(equals - pair), pair);
    FEL_TRY(find_word(word, &role));
    const csv_field right = {equals + 1, (uint32_t)(size - (size_t)(equals + 1 - pair)), 0};
    layout_name_of(&right, name, sizeof(name));
    const int is_number = right.size > 0 && strspn(name, "0123456789") == strlen(name);
    const int32_t column =
        is_number ? (int32_t)strtol(name, NULL, 10) - 1 : layout_find_name(head, 0, name);
    *has_names = *has_names || !is_number;
    if (column < 0 || (size_t)column >= layout_width(head, 0)) {
        return FEL_RAISE(FEL_ERR_FORMAT, "%s: has no column \"%s\" for %s; row 1 has %zu columns",
                         head->path, name, word, layout_width(head, 0));
    }
    plan->column_of[role] = column;
    return FEL_OK;
}

int layout_is_map(const layout_head *head)
{
    return head->options->map[0] != '\0';
}

fel_status layout_arrange_map(const layout_head *head, csv_plan *plan)
{
    int has_names = head->options->signal_columns != NULL;
    if (!layout_is_map(head)) {
        return FEL_RAISE(FEL_ERR_ARG, "%s: layout map needs a map such as time=Date,close=Last",
                         head->path);
    }
    for (const char *at = head->options->map; *at != '\0';) {
        const size_t n = strcspn(at, ",");
        FEL_TRY(take_pair(head, plan, at, n, &has_names));
        at += n + (at[n] == ',' ? 1 : 0);
    }
    if (plan->column_of[ROLE_TIME] == NO_COLUMN) {
        return FEL_RAISE(FEL_ERR_ARG, "map: time is not named in \"%s\"", head->options->map);
    }
    const csv_field *time = layout_field(head, 0, (size_t)plan->column_of[ROLE_TIME]);
    time_format format = {0};
    plan->skip_rows =
        has_names || time_shape_of(time->text, time->size, &format) == TIME_SHAPE_NONE ? 1 : 0;
    if (head->options->signal_columns != NULL) {
        return layout_take_signals(head, 0, plan);
    }
    if (plan->column_of[ROLE_BID] != NO_COLUMN || plan->column_of[ROLE_ASK] != NO_COLUMN) {
        return layout_take_quotes(head, plan);
    }
    if (plan->column_of[ROLE_FUNDING] != NO_COLUMN) {
        return layout_take_funding(head, plan);
    }
    if (plan->column_of[ROLE_QUANTITY] != NO_COLUMN) {
        return plan->column_of[ROLE_FLAGS] != NO_COLUMN ? layout_take_depth(head, plan)
                                                        : layout_take_trades(head, plan);
    }
    if (layout_has_actions(plan) && plan->column_of[ROLE_CLOSE] == NO_COLUMN) {
        return layout_take_actions_alone(plan);
    }
    FEL_TRY(layout_take_bars(head, plan));
    layout_take_actions(plan);
    return FEL_OK;
}
