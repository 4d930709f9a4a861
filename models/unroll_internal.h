/* models/unroll_internal.h - the parts of a network unrolled over dates: its memory, and what a
 * layer does at one date.
 *
 * Weights are packed once a set of parameters (one set for all dates, or one a date), in the order
 * in which products read them; gradients are kept in that order too and unpacked at the end. What a
 * layer keeps lies in slots, one a date (two by turns where nothing is kept for the way back).
 * Activations and slopes between layers are [n][numbers], rows one after the other. */
#ifndef FEL_MODELS_UNROLL_INTERNAL_H
#define FEL_MODELS_UNROLL_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/unroll_internal.h belongs to models/"
#endif

#include <feller/unroll.h>

#include "models/layer_internal.h"

enum { UNROLL_MAX_LAYERS = FEL_NETWORK_MAX_LAYERS + 1 };
enum { UNROLL_NARROW = 4 }; /* outputs, slopes of inputs, that few are worked on by themselves */

/* Memory of `count` sets, dates or turns, each `step` numbers after the one before. */
typedef struct unroll_room {
    void *first;
    size_t step;
} unroll_room;

typedef struct unroll_kind unroll_kind;

typedef struct unroll_layer {
    const unroll_kind *kind;
    const layer *layer;
    size_t block; /* number of its weights among the network's blocks */
    size_t live;  /* inputs, the last ones, whose slopes are wanted */
    /* Numbers: of one set of parameters ... */
    size_t packed_size, gradient_size;
    /* ... of one sample: kept at a date, one turn of the way back, and for all turns. */
    size_t kept_size, turn_size, carry_size;
    unroll_room packed, gradient; /* [set] */
    unroll_room kept, out;        /* [slot] */
    unroll_room turn;             /* [2] */
    void *carry;
} unroll_layer;

struct fel_unroll {
    fel_unroll_config config;
    layer_precision precision;
    size_t n_sets, n_slots, n_layers;
    unroll_layer layers[UNROLL_MAX_LAYERS];
    unsigned char *memory;
    unroll_room inputs; /* [slot] */
    unroll_room slopes; /* [2] between two layers, by turns */
    void *live;
    void *use_inputs, *use_slopes; /* what a sink is shown, where it has to be put together */
    /* The pass. */
    const void *params;
    size_t n, last; /* samples; the latest date that went forward */
    int slopes_only;
};

/* A layer at a date. Pointers are to float or double. */
typedef struct unroll_step {
    const fel_unroll *unroll;
    const unroll_layer *layer;
    size_t date;
    const void *params; /* of this layer at this date */
    const void *in;     /* [n][in_cols] */
    /* Backward alone. */
    const void *d_out; /* [n][out_cols] */
    void *d_in;        /* [n][live]; NULL: not wanted */
} unroll_step;

typedef void unroll_step_fn(const unroll_step *step);

/* What a layer needs of the unrolling, by its kind. */
struct unroll_kind {
    /* Sets the sizes of l. */
    void (*plan)(unroll_layer *l);
    /* One set of parameters to where it is packed; `back`: for the way back too. NULL: the layer
     * works on them as they are. */
    void (*pack[LAYER_N_PRECISIONS])(const unroll_layer *l, const void *params, int back,
                                     void *packed);
    void (*unpack[LAYER_N_PRECISIONS])(const unroll_layer *l, const void *kept, void *gradient);
    unroll_step_fn *forward[LAYER_N_PRECISIONS];
    /* Slopes: of what came out before the activation, of inputs. Gradients: after slopes. */
    unroll_step_fn *slopes[LAYER_N_PRECISIONS], *gradients[LAYER_N_PRECISIONS];
    /* Inputs and slopes of a use; after slopes. */
    void (*show[LAYER_N_PRECISIONS])(const unroll_step *step, fel_layer_use *use);
};

extern const unroll_kind unroll_lstm;   /* unroll_lstm.c */
extern const unroll_kind unroll_dense;  /* unroll_dense.c */
extern const unroll_kind unroll_narrow; /* unroll_narrow.c: few outputs, no activation */

static inline size_t unroll_set(const fel_unroll *u, size_t date)
{
    return u->config.per_date ? date : 0;
}
static inline size_t unroll_slot(const fel_unroll *u, size_t date)
{
    return date % u->n_slots;
}

#ifdef REAL_BITS
/* The i-th of a room. */
static inline real *unroll_at(const unroll_room *room, size_t i)
{
    return (real *)room->first + i * room->step;
}
#endif

#endif
