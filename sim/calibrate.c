/* sim/calibrate.c - Heston's parameters from a chain: several searches, the best of their ends.
 *
 * Each start first runs down a smooth stand-in of the objective (price differences over the
 * market's vega), loosely; ends that are the same place go on as one, with the objective itself, to
 * full precision. Starts are independent pieces of work, joined in their order: the outcome is the
 * same on any number of threads. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/core.h"
#include "sim/calibrate_internal.h"

enum { MAX_STARTS = 1000 };

static const double loose = 1e-3;        /* tolerance of the first stage */
static const double near_squares = 1e-2; /* ends of the first stage that go on as one: */
static const double near_share = 2e-2;   /* sums of squares and parameters, relative */
static const double same_squares = 1e-6; /* ends of the second stage that agree */
static const double same_share = 1e-3;

/* ---- options --------------------------------------------------------------------------------- */

fel_calibrate_options fel_calibrate_options_default(void)
{
    fel_calibrate_options options;
    memset(&options, 0, sizeof(options));
    options.struct_size = (uint32_t)sizeof(options);
    options.objective = FEL_FIT_VOL;
    options.weight = FEL_WEIGHT_EQUAL;
    options.n_starts = 4;
    options.seed = 1;
    options.tolerance = 1e-8;
    options.max_iterations = 200;
    return options;
}

static int is_inside(const fel_heston *start)
{
    double low[FIT_N], high[FIT_N], p[FIT_N];
    int is_good = 1;
    fel_calibrate_range(low, high);
    fit_pack(start, p);
    for (size_t i = 0; i < FIT_N; i++) {
        is_good = is_good && p[i] >= low[i] && p[i] <= high[i];
    }
    return is_good;
}

static fel_status check_numbers(const fel_calibrate_options *o)
{
    if (o->n_starts < 1 || o->n_starts > MAX_STARTS) {
        return FEL_RAISE(FEL_ERR_RANGE, "%u starts is not within 1 .. %d", o->n_starts, MAX_STARTS);
    }
    if (o->max_iterations < 1 || o->max_iterations > 100000) {
        return FEL_RAISE(FEL_ERR_RANGE, "%u iterations is not within 1 .. 100000",
                         o->max_iterations);
    }
    if (!(o->tolerance >= 1e-15) || !(o->tolerance <= 0.1)) {
        return FEL_RAISE(FEL_ERR_RANGE, "tolerance %g is not within 1e-15 .. 0.1", o->tolerance);
    }
    return o->start == NULL || is_inside(o->start)
               ? FEL_OK
               : FEL_RAISE(FEL_ERR_RANGE,
                           "start v0 %g, kappa %g, theta %g, xi %g, rho %g: v0 and theta are "
                           "within 1e-6 .. 9, kappa 0.001 .. 100, xi 0.001 .. 30, rho -0.9999 .. "
                           "0.9999",
                           o->start->v0, o->start->kappa, o->start->theta, o->start->xi,
                           o->start->rho);
}

static fel_status check_options(const fel_calibrate_options *o, const fel_chain *chain)
{
    if (o->struct_size != sizeof(*o)) {
        return FEL_RAISE(FEL_ERR_ARG, "fel_calibrate_options has %u bytes, this library's has %zu",
                         o->struct_size, sizeof(*o));
    }
    if ((unsigned)o->objective > FEL_FIT_RELATIVE_PRICE ||
        (unsigned)o->weight > FEL_WEIGHT_SPREAD) {
        return FEL_RAISE(FEL_ERR_RANGE, "objective %d, weight %d: there is no such",
                         (int)o->objective, (int)o->weight);
    }
    if (chain->n < FIT_N) {
        return FEL_RAISE(FEL_ERR_SHAPE, "%zu quotes do not determine %d parameters", chain->n,
                         (int)FIT_N);
    }
    return check_numbers(o);
}

/* ---- searches -------------------------------------------------------------------------------- */

typedef struct search {
    fel_heston from;
    fit_end smooth, end; /* `end` of those that lead a group only */
    size_t leader;       /* the start that this one goes on with; itself if it leads */
    uint32_t n_evaluations;
} search;

typedef struct searches {
    const fit_problem *problem;
    const fel_calibrate_options *options;
    search *items;
    size_t n;
    double n_done;
} searches;

static void report_progress(searches *all)
{
    if (all->options->progress != NULL) {
        double done = 0.0;
#pragma omp critical(fel_calibrate_progress)
        {
            all->n_done += 1.0;
            done = all->n_done;
            all->options->progress(all->options->progress_payload, "starts",
                                   fmin(done, (double)all->n), (double)all->n);
        }
    }
}

static fel_status run_first(void *payload, size_t index, int thread)
{
    searches *all = payload;
    search *s = &all->items[index];
    fit_work work;
    (void)thread;
    fel_status status = fit_work_init(&work, all->problem);
    if (status == FEL_OK) {
        status = fit_start(&s->from, &work, all->options, (uint32_t)index);
    }
    if (status == FEL_OK) {
        status =
            fit_run(&s->smooth, &work, FIT_SMOOTH, &s->from, fmax(loose, all->problem->tolerance));
    }
    s->n_evaluations = work.n_evaluations;
    fit_work_clear(&work);
    report_progress(all);
    return status;
}

static fel_status run_second(void *payload, size_t index, int thread)
{
    searches *all = payload;
    search *s = &all->items[index];
    fit_work work;
    (void)thread;
    if (s->leader != index) {
        return FEL_OK;
    }
    fel_status status = fit_work_init(&work, all->problem);
    if (status == FEL_OK) {
        status = fit_run(&s->end, &work, FIT_TRUE, &s->smooth.heston, all->problem->tolerance);
    }
    s->n_evaluations += work.n_evaluations;
    fit_work_clear(&work);
    return status;
}

static int is_near(const fit_end *a, const fit_end *b, double squares, double share)
{
    double p[FIT_N], q[FIT_N];
    const double least = fmin(a->sum_of_squares, b->sum_of_squares);
    fit_pack(&a->heston, p);
    fit_pack(&b->heston, q);
    /* An exact fit has a sum of squares that is noise. */
    int is_good = fabs(a->sum_of_squares - b->sum_of_squares) <= squares * (least + squares);
    for (size_t i = 0; i < FIT_N; i++) {
        is_good = is_good && fabs(p[i] - q[i]) <= share * fmax(fabs(p[i]), fabs(q[i]));
    }
    return is_good;
}

static void find_leaders(searches *all)
{
    for (size_t i = 0; i < all->n; i++) {
        all->items[i].leader = i;
        for (size_t k = 0; k < i && all->items[i].leader == i; k++) {
            const int is_same =
                is_near(&all->items[k].smooth, &all->items[i].smooth, near_squares, near_share);
            if (all->items[k].leader == k && is_same) {
                all->items[i].leader = k;
            }
        }
    }
}

/* The least sum of squares; of equal ones the first. n if none has one. */
static size_t find_best(const searches *all)
{
    size_t best = all->n;
    for (size_t i = 0; i < all->n; i++) {
        const search *s = &all->items[i];
        if (s->leader == i && isfinite(s->end.sum_of_squares) &&
            (best == all->n || s->end.sum_of_squares < all->items[best].end.sum_of_squares)) {
            best = i;
        }
    }
    return best;
}

/* ---- the result ------------------------------------------------------------------------------ */

static fel_status allocate(fel_calibration *out, size_t n, size_t n_starts)
{
    double **const arrays[] = {&out->model_vol, &out->model_price, &out->residual, &out->weight};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(arrays[0]); i++) {
        *arrays[i] = calloc(n, sizeof(double));
        if (*arrays[i] == NULL) {
            return FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu quotes", n);
        }
    }
    out->ends = calloc(n_starts, sizeof(*out->ends));
    return out->ends != NULL ? FEL_OK
                             : FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu starts", n_starts);
}

static void list_ends(fel_calibration *out, const searches *all, size_t best)
{
    for (size_t i = 0; i < all->n; i++) {
        const search *s = &all->items[i], *leader = &all->items[s->leader];
        fel_calibration_end *e = &out->ends[i];
        e->from = s->from;
        e->to = leader->end.heston;
        e->sum_of_squares = leader->end.sum_of_squares;
        e->n_iterations = s->smooth.n_iterations + (s->leader == i ? s->end.n_iterations : 0);
        e->text = leader->end.text;
        e->is_agreeing = s->leader == best ||
                         is_near(&leader->end, &all->items[best].end, same_squares, same_share);
        out->n_agreeing += e->is_agreeing ? 1 : 0;
        out->n_evaluations += s->n_evaluations;
        out->was_stopped = out->was_stopped || s->smooth.was_stopped || s->end.was_stopped;
    }
    out->n_iterations = out->ends[best].n_iterations;
    out->n_starts = (uint32_t)all->n;
}

static void fill_quotes(fel_calibration *out, const fit_problem *problem)
{
    const size_t n = problem->chain->n;
    double sum = 0.0;
    size_t n_vols = 0;
    for (size_t i = 0; i < n; i++) {
        const double price = out->model_price[i];
        const double vol = fit_model_vol(problem, i, price);
        const double off = 100.0 * (vol - problem->chain->quotes[i].vol_per_year);
        out->model_vol[i] = vol;
        out->weight[i] = problem->weight[i];
        out->residual[i] = fit_residual_of(problem, i, FIT_TRUE, price).value;
        sum += isnan(vol) ? 0.0 : off * off;
        n_vols += isnan(vol) ? 0 : 1;
    }
    out->rmse_vol_points = sqrt(sum / (double)n_vols);
    out->rmse = sqrt(out->sum_of_squares / (double)n);
}

/* The optimum once more, for the Jacobian there and every quote's residual. */
static fel_status describe(fel_calibration *out, const fit_problem *problem)
{
    fit_work work;
    fel_status status = fit_work_init(&work, problem);
    if (status == FEL_OK) {
        status = fit_compute(&work, FIT_TRUE, &out->heston);
    }
    if (status == FEL_OK) {
        memcpy(out->model_price, work.prices, problem->chain->n * sizeof(double));
        fill_quotes(out, problem);
        status = fit_judge(out, &work);
    }
    fit_work_clear(&work);
    return status;
}

/* A best end that is none is said before what it tells apart. */
static void note_end(fel_calibration *out, const fit_end *end)
{
    if (!end->is_converged) {
        (void)snprintf(out->note, sizeof(out->note),
                       "the search ended before it converged (%s): other ranges of quotes, more "
                       "iterations or a start may help",
                       end->text);
    }
}

static fel_status raise_nowhere(const searches *all)
{
    const search *s = &all->items[0];
    return FEL_RAISE(FEL_ERR_FORMAT,
                     "none of %zu starts leads to a fit of %zu quotes; the first, v0 %.4g, kappa "
                     "%.4g, theta %.4g, xi %.4g, rho %.4g: %s",
                     all->n, all->problem->chain->n, s->from.v0, s->from.kappa, s->from.theta,
                     s->from.xi, s->from.rho, s->end.text != NULL ? s->end.text : "failed");
}

static fel_status solve(fel_calibration *out, searches *all)
{
    const int n_threads = all->options->n_threads;
    FEL_TRY(threads_run(n_threads, all->n, run_first, all));
    find_leaders(all);
    FEL_TRY(threads_run(n_threads, all->n, run_second, all));
    const size_t best = find_best(all);
    if (best == all->n) {
        return raise_nowhere(all);
    }
    FEL_TRY(allocate(out, all->problem->chain->n, all->n));
    out->heston = all->items[best].end.heston;
    out->sum_of_squares = all->items[best].end.sum_of_squares;
    list_ends(out, all, best);
    FEL_TRY(describe(out, all->problem));
    note_end(out, &all->items[best].end);
    return FEL_OK;
}

fel_status fel_calibrate_heston(fel_calibration *out, const fel_chain *chain,
                                const fel_calibrate_options *options)
{
    const fel_calibrate_options standard = fel_calibrate_options_default();
    const int64_t start_ns = clock_monotonic_ns();
    searches all = {.options = options != NULL ? options : &standard};
    fit_problem problem;
    fel_calibration made;
    memset(&made, 0, sizeof(made));
    FEL_TRY(check_options(all.options, chain));
    fel_status status = fit_problem_init(&problem, chain, all.options);
    all.problem = &problem;
    all.n = all.options->n_starts;
    all.items = calloc(all.n, sizeof(*all.items));
    if (status == FEL_OK && all.items == NULL) {
        status = FEL_RAISE(FEL_ERR_NOMEM, "out of memory for %zu starts", all.n);
    }
    if (status == FEL_OK) {
        status = solve(&made, &all);
    }
    free(all.items);
    fit_problem_clear(&problem);
    if (status != FEL_OK) {
        fel_calibration_clear(&made);
        return status;
    }
    made.seconds = (double)(clock_monotonic_ns() - start_ns) * 1e-9;
    *out = made;
    return FEL_OK;
}

void fel_calibration_clear(fel_calibration *calibration)
{
    free(calibration->model_vol);
    free(calibration->model_price);
    free(calibration->residual);
    free(calibration->weight);
    free(calibration->ends);
    memset(calibration, 0, sizeof(*calibration));
}
