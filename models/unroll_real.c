/* models/unroll_real.c - passes of an unrolled network: date by date through its layers, and back.
 */
#include <string.h>

#include "core/real.h"
#include "models/network_internal.h"
#include "models/unroll_internal.h"

enum { PRECISION = REAL_BITS == 32 ? LAYER_F32 : LAYER_F64 };

/* ---- parameters ------------------------------------------------------------------------------ */

static void pack(const fel_unroll *u, const unroll_layer *l, const real *params)
{
    const size_t n_params = u->config.network->n_params;
    for (size_t set = 0; l->kind->pack[PRECISION] != NULL && set < u->n_sets; set++) {
        l->kind->pack[PRECISION](l, params + set * n_params + l->layer->offset, u->config.keeps,
                                 unroll_at(&l->packed, set));
    }
}

void KERNEL(fel_unroll_begin)(fel_unroll *unroll, const real *params, size_t n, int is_new)
{
    unroll->params = params;
    unroll->n = n;
    unroll->last = 0;
    for (size_t i = 0; is_new && i < unroll->n_layers; i++) {
        pack(unroll, &unroll->layers[i], params);
    }
}

void KERNEL(fel_unroll_add_gradient)(fel_unroll *unroll, real *gradient)
{
    const size_t n_params = unroll->config.network->n_params;
    for (size_t i = 0; i < unroll->n_layers; i++) {
        const unroll_layer *l = &unroll->layers[i];
        for (size_t set = 0; set < unroll->n_sets; set++) {
            real *kept = unroll_at(&l->gradient, set);
            l->kind->unpack[PRECISION](l, kept, gradient + set * n_params + l->layer->offset);
            memset(kept, 0, l->gradient_size * sizeof(real));
        }
    }
}

/* ---- passes ---------------------------------------------------------------------------------- */

static unroll_step step_of(const fel_unroll *u, size_t i, size_t date)
{
    const unroll_layer *l = &u->layers[i];
    const size_t slot = unroll_slot(u, date);
    const real *params = u->params;
    const unroll_step step = {
        .unroll = u,
        .layer = l,
        .date = date,
        .params = params + unroll_set(u, date) * u->config.network->n_params + l->layer->offset,
        .in = unroll_at(i > 0 ? &u->layers[i - 1].out : &u->inputs, slot),
    };
    return step;
}

real *KERNEL(fel_unroll_inputs)(fel_unroll *unroll, size_t date)
{
    return unroll_at(&unroll->inputs, unroll_slot(unroll, date));
}

const real *KERNEL(fel_unroll_forward)(fel_unroll *unroll, size_t date)
{
    unroll->last = date;
    for (size_t i = 0; i < unroll->n_layers; i++) {
        const unroll_step step = step_of(unroll, i, date);
        unroll->layers[i].kind->forward[PRECISION](&step);
    }
    return unroll_at(&unroll->layers[unroll->n_layers - 1].out, unroll_slot(unroll, date));
}

static void tell(const fel_layer_sink *sink, const unroll_step *step)
{
    fel_layer_use use = {.block = step->layer->block, .date = step->date, .n = step->unroll->n};
    step->layer->kind->show[PRECISION](step, &use);
    sink->use(sink->payload, &use);
}

const real *KERNEL(fel_unroll_backward)(fel_unroll *unroll, size_t date, const real *d_outputs,
                                        const fel_layer_sink *sink)
{
    real *live = unroll->config.n_live > 0 ? unroll->live : NULL;
    const real *d_out = d_outputs;
    for (size_t i = unroll->n_layers; i-- > 0;) {
        unroll_step step = step_of(unroll, i, date);
        real *d_in = i > 0 ? unroll_at(&unroll->slopes, i % 2) : live;
        step.d_out = d_out;
        step.d_in = d_in;
        step.layer->kind->slopes[PRECISION](&step);
        if (!unroll->slopes_only) {
            step.layer->kind->gradients[PRECISION](&step);
        }
        if (sink != NULL) {
            tell(sink, &step);
        }
        d_out = d_in;
    }
    return live;
}
