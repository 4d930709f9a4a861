/* models/target_label.c - targets that are labels of a return: up or down, down or flat or up, its
 * rank among the series of one instant. */
#include "models/target_internal.h"

/* ---- two ------------------------------------------------------------------------------------- */

static const fel_param_spec direction_params[] = {
    TARGET_BARS(1.0),
    {"labels", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "zero_one|plus_minus",
     "1 and 0 for up and not up, or +1, -1 and 0 between"},
    {"threshold", FEL_PARAM_REAL, 0.0, 0.0, 1e6, NULL, "return that counts as a move"},
};

static double direction_value(const double *params, const fel_target_view *view)
{
    const double threshold = params[2], up = view->simple_return > threshold ? 1.0 : 0.0;
    const double down = view->simple_return < -threshold ? 1.0 : 0.0;
    return params[1] == 0.0 ? up : up - down;
}

const fel_target_class target_direction = {
    TARGET_HEAD("direction", "does the price rise",
                "1 if R > threshold, else 0; or +1, -1 if R < -threshold, 0 between"),
    TARGET_PARAMS(direction_params),
    .horizon = target_bars,
    .value = direction_value,
};

/* ---- three ----------------------------------------------------------------------------------- */

static const fel_param_spec three_params[] = {
    TARGET_BARS(1.0),
    {"threshold", FEL_PARAM_REAL, 0.005, 0.0, 1e6, NULL, "return that counts as a move"},
};

static double three_value(const double *params, const fel_target_view *view)
{
    const double threshold = params[1], r = view->simple_return;
    return r > threshold ? 2.0 : r < -threshold ? 0.0 : 1.0;
}

const fel_target_class target_three_way = {
    TARGET_HEAD("three_way", "class of the move: down, flat, up",
                "0 if R < -threshold, 2 if R > threshold, else 1"),
    TARGET_PARAMS(three_params),
    .horizon = target_bars,
    .value = three_value,
};

/* ---- rank ------------------------------------------------------------------------------------ */

static const fel_param_spec rank_params[] = {
    TARGET_BARS(5.0),
    {"scale", FEL_PARAM_CHOICE, 0.0, 0.0, 0.0, "zero_one|centered",
     "from 0 (lowest) to 1, or from -0.5 to 0.5"},
};

static double rank_ranked(const double *params, double place)
{
    return params[1] == 0.0 ? place : place - 0.5;
}

const fel_target_class target_rank = {
    TARGET_HEAD("rank", "place of the return among the series that have a bar at the same instant",
                "(rank of R - 1) / (m - 1) among m series, ties share the mean rank; needs m >= 2"),
    TARGET_PARAMS(rank_params),
    .is_ranked = 1,
    .horizon = target_bars,
    .ranked = rank_ranked,
};
