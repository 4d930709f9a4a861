/* sim/exact_kernel.c - steps whose variance has its exact law: the integral of the variance by the
 * trapezoid rule, or drawn given both ends; the log price given both is normal (Broadie, Kaya
 * 2006): x += rho / xi (v' - v + kappa (area - theta dt)) - area / 2 + sqrt((1 - rho^2) area) z. */
#include "sim/exact_internal.h"
#include "sim/vmath_internal.h"

/* Is the integral the trapezoid rule's, or in args->area already? */
static inline __attribute__((always_inline)) void move_price(const step_args *args,
                                                             int is_trapezoid)
{
    const double *c = args->law->c;
    const real lever = (real)c[EXACT_LEVER], kappa = (real)c[EXACT_KAPPA];
    const real pull = (real)c[EXACT_PULL], rest = (real)c[EXACT_REST];
    const real half = (real)(0.5 * args->law->dt_years);
    const real *restrict v = args->v, *restrict next = args->v_next, *restrict z = args->z_price;
    real *restrict area = args->area, *restrict x = args->x;
    for (size_t i = 0; i < args->n; i++) {
        const real part = is_trapezoid ? half * (v[i] + next[i]) : area[i];
        const real moved = REAL_FMA(kappa, part, next[i] - v[i]) - pull;
        const real mean = REAL_FMA(lever, moved, REAL_C(-0.5) * part);
        area[i] = part;
        x[i] += REAL_FMA(real_sqrt(rest * part), z[i], mean);
    }
}

static void draw_variance(const step_args *args)
{
    const exact_table *table = args->law->table;
    KERNEL(variance_draw)
    (&table->law, args->v, args->z_variance, args->tail_variance, args->v_next, args->n);
}

void KERNEL(step_exact_variance)(const step_args *args)
{
    draw_variance(args);
    move_price(args, 1);
}

void KERNEL(step_exact)(const step_args *args)
{
    const exact_table *table = args->law->table;
    const real *v = args->v, *next = args->v_next;
    real *area = args->area;
    draw_variance(args);
    for (size_t i = 0; i < args->n; i++) {
        draw_stream s = draw_stream_at(args->seed, args->first_path + i, args->step,
                                       draw_of_scheme(args->law->index, 0));
        area[i] = (real)area_draw(&table->area, (double)v[i], (double)next[i], &s);
    }
    move_price(args, 0);
}
