/* tests/unit/models/unroll_fixture.h - samples that walk through the dates of an unrolled network,
 * inputs following from outputs. */
#ifndef FEL_TESTS_UNROLL_FIXTURE_H
#define FEL_TESTS_UNROLL_FIXTURE_H

#include <feller/unroll.h>

/* Samples through all dates: the last n_live inputs of a date are mix (o + 0.2 o^2) of the outputs
 * before (`start` at the first), the loss weighs every output, linear and squared. */
typedef struct walk_case {
    const char *name, *settings;
    const char *code;
    const size_t *hidden;
    size_t n_features, n_outputs, n_live, n_dates, n;
    int per_date;
} walk_case;

typedef struct walk {
    const walk_case *c;
    fel_network *net;
    fel_unroll *unroll;
    size_t n_params;           /* of all dates */
    double *params, *gradient; /* then of start [n][n_live] */
    double *given, *mix, *linear, *squared;
    double *outputs; /* [date][n][n_outputs] */
} walk;

/* Aborts without memory: all 0; normal draws. */
double *walk_numbers(size_t n);
double *walk_normals(size_t n, double centre, double sd, uint64_t seed);

fel_network *walk_network(const walk_case *c, size_t sequence);
fel_unroll_config walk_config(const walk_case *c, const fel_network *net);
walk walk_open(const walk_case *c, uint64_t seed);
void walk_close(walk *w);

/* Samples from .. from + n, forward: their part of the loss. */
double walk_forward(const walk *w, fel_unroll *unroll, size_t from, size_t n, int is_new);
/* Back: the gradient is kept in `unroll`, that of `start` goes to w. */
void walk_backward(const walk *w, fel_unroll *unroll, size_t from, size_t n,
                   const fel_layer_sink *sink);

#endif
