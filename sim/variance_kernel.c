/* sim/variance_kernel.c - the exact variance at the end of a step from a normal, by the tables of
 * variance_law_internal.h; always in double, rounded at the end where real is float.
 *
 * Paths of a block are packed into lists, each of which is drawn with one method; what a path gets
 * does not depend on its list mates. */
#include "sim/exact_internal.h"
#include "sim/pack_internal.h"
#include "sim/probit_internal.h"
#include "sim/variance_law_internal.h"
#include "sim/vmath_internal.h"

/* Vectors that are worked on together: their chains of dependent operations overlap. */
enum { IN_SEARCH = 2, IN_ROOT = 4 };
enum { SEARCH_GROUP = IN_SEARCH * PACK_LANES, ROOT_GROUP = IN_ROOT * PACK_LANES };
enum { NORMAL_GROUP = PROBIT_VECTORS * PACK_LANES };
enum { BLOCK = 256, ROOM = BLOCK + PACK_LANES };

/* A uniform is kept this far from 0 and 1: half of the distance between two draws. */
#if REAL_BITS == 32
#define U_GAP 0x1p-25
#else
#define U_GAP 0x1p-53
#endif

/* Less than this is 0: no arithmetic with subnormal numbers, which some processors do slowly. */
#if REAL_BITS == 32
#define LEAST 0x1p-120
#else
#define LEAST 1e-280
#endif

#define LAW_MOST 1e300 /* beyond every mean */

/* A block of paths, in double. */
typedef struct block {
    _Alignas(64) double mu[ROOM];
    double ln_u[ROOM];      /* ln Phi(z); a shape below 1 only */
    double key[ROOM];       /* -1 where N = 0 is drawn by itself, else mu; a shape below 1 only */
    double y[ROOM];         /* out */
    const double *z, *tail; /* z may be NULL */
    size_t n;
} block;

/* Paths to be drawn alike, packed. */
typedef struct list {
    _Alignas(64) double mu[ROOM];
    double u[ROOM], p[ROOM], z[ROOM];
    int64_t count[ROOM];
    double y[ROOM]; /* out */
    size_t n;
} list;

/* Whole vectors, so that no loop over a list has a rest that is done one by one. */
static inline size_t padded(const list *l)
{
    return (l->n + PACK_LANES - 1) / PACK_LANES * PACK_LANES;
}

/* c[0] + c[1] x + c[2] x^2 + c[3] x^3, with x2 = x^2: Estrin's scheme, for its short chains. */
static inline double quad(const double *c, double x, double x2)
{
    return __builtin_fma(__builtin_fma(c[3], x, c[2]), x2, __builtin_fma(c[1], x, c[0]));
}

/* ---- normals ----------------------------------------------------------------------------------
 */

/* Of uniforms with both u and 1 - u exact; both arrays have room for whole groups. */
static void normals_of_uniforms(double *restrict u, double *restrict z, size_t n)
{
    pack_bits far = {0};
    for (size_t i = n; i % NORMAL_GROUP != 0; i++) {
        u[i] = 0.5;
    }
    for (size_t i = 0; i < n; i += NORMAL_GROUP) {
        pack_lanes centred[PROBIT_VECTORS], gap[PROBIT_VECTORS], normal[PROBIT_VECTORS];
        for (size_t g = 0; g < PROBIT_VECTORS; g++) {
            const pack_lanes low = pack_load(u + i + g * PACK_LANES), high = 1.0 - low;
            const pack_bits is_low = (pack_bits)(low < high);
            centred[g] = low - high;
            gap[g] = 2.0 * (pack_lanes)((is_low & (pack_bits)low) | (~is_low & (pack_bits)high));
        }
        probit_group_f64(centred, gap, normal, &far);
        memcpy(z + i, normal, sizeof(normal));
    }
    for (size_t i = 0; pack_any_negative(far) && i < n; i++) {
        const double tail = u[i] < 0.5 ? u[i] : 1.0 - u[i];
        if (probit_is_far_f64(2.0 * tail)) {
            const double size = probit_tail_f64(tail);
            z[i] = u[i] < 0.5 ? -size : size;
        }
    }
}

/* u holds the tails, and is written over. */
static void normals_of_tails(double *restrict u, double *restrict z, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        u[i] = 1.0 - u[i];
    }
    normals_of_uniforms(u, z, n);
}

/* ---- large means: a polynomial --------------------------------------------------------------- */

/* out = sum over j of t^j times a polynomial in x, for a group of vectors. */
static inline void root_sums(const variance_law *law, const double *x, const double *t, double *out)
{
    pack_lanes x1[IN_ROOT], x2[IN_ROOT], x4[IN_ROOT], sum[IN_ROOT], by[IN_ROOT];
    const pack_lanes zero = {0.0};
    for (size_t g = 0; g < IN_ROOT; g++) {
        x1[g] = pack_load(x + g * PACK_LANES);
        by[g] = pack_load(t + g * PACK_LANES);
        x2[g] = x1[g] * x1[g];
        x4[g] = x2[g] * x2[g];
        sum[g] = zero;
    }
    for (size_t j = law->n_root_tau; j-- > 0;) {
        pack_lanes c[ROOT_Z];
        for (size_t q = 0; q < ROOT_Z; q++) {
            c[q] = zero + law->root[j * ROOT_Z + q];
        }
        for (size_t g = 0; g < IN_ROOT; g++) {
            pack_lanes part[ROOT_Z / 4];
            for (size_t q = 0; q < ROOT_Z / 4; q++) {
                part[q] = pack_fma(pack_fma(c[4 * q + 3], x1[g], c[4 * q + 2]), x2[g],
                                   pack_fma(c[4 * q + 1], x1[g], c[4 * q]));
            }
            const pack_lanes inner = pack_fma(pack_fma(part[2], x4[g], part[1]), x4[g], part[0]);
            sum[g] = pack_fma(sum[g], by[g], inner);
        }
    }
    memcpy(out, sum, sizeof(sum));
}

static void draw_large(const variance_law *law, const double *restrict mu, const double *restrict z,
                       double *restrict y, size_t n)
{
    _Alignas(64) double zeta[ROOM], tau[ROOM], t[ROOM], sum[ROOM];
    for (size_t i = 0; i < n; i++) {
        const double high = z[i] < ROOT_Z_HIGH ? z[i] : ROOT_Z_HIGH;
        zeta[i] = (high - ROOT_Z_LOW) * (2.0 / (ROOT_Z_HIGH - ROOT_Z_LOW)) - 1.0;
        tau[i] = 1.0 / __builtin_sqrt(law->shape + mu[i]);
        t[i] = tau[i] * law->root_scale - 1.0;
    }
    for (size_t i = n; i % ROOT_GROUP != 0; i++) {
        zeta[i] = t[i] = 0.0;
    }
    for (size_t i = 0; i < n; i += ROOT_GROUP) {
        root_sums(law, zeta + i, t + i, sum + i);
    }
    for (size_t i = 0; i < n; i++) {
        const double root = (law->shape + mu[i]) * tau[i];
        const double b = 0.5 * __builtin_sqrt(2.0 - law->shape * (tau[i] * tau[i]));
        const double s = __builtin_fma(b, z[i], __builtin_fma(sum[i], tau[i], root));
        y[i] = s * s;
    }
    for (size_t i = 0; i < n; i++) {
        if (z[i] < ROOT_Z_LOW) {
            y[i] = gamma_mixture_low(z[i], law->shape, mu[i]);
        }
    }
}

/* ---- small means: Poisson's number ----------------------------------------------------------- */

/* Up from 0: u loses the probability of N = 0, 1, .. while it is at least that. */
static void search_group(uint32_t most, const double *mu, double *u, double *p, int64_t *count)
{
    pack_lanes rest[IN_SEARCH], now[IN_SEARCH], mean[IN_SEARCH];
    pack_bits n[IN_SEARCH];
    memcpy(rest, u, sizeof(rest));
    memcpy(now, p, sizeof(now));
    memcpy(mean, mu, sizeof(mean));
    memset(n, 0, sizeof(n));
    int left = 1;
    for (uint32_t next = 1; left && next <= most; next++) {
        const double inverse = 1.0 / next;
        left = 0;
        for (size_t g = 0; g < IN_SEARCH; g++) {
            left |= pack_search_step(&rest[g], &now[g], &n[g], mean[g] * inverse);
        }
    }
    memcpy(u, rest, sizeof(rest));
    memcpy(p, now, sizeof(now));
    memcpy(count, n, sizeof(n));
}

/* N into count; into u where it lies between P(N - 1) and P(N), which is uniform once more. */
static void search(const variance_law *law, list *l)
{
    double *restrict u = l->u, *restrict p = l->p;
    const size_t padded = (l->n + SEARCH_GROUP - 1) / SEARCH_GROUP * SEARCH_GROUP;
    for (size_t i = l->n; i < padded; i++) {
        l->mu[i] = 0.0;
        u[i] = 0.5;
    }
    for (size_t i = 0; i < padded; i++) {
        u[i] = 1.0 - u[i];
        p[i] = exp_f64(-l->mu[i]);
    }
    for (size_t i = 0; i < padded; i += SEARCH_GROUP) {
        search_group(law->n_rows - 1, l->mu + i, u + i, p + i, l->count + i);
    }
    for (size_t i = 0; i < l->n; i++) {
        const double over = 1.0 / p[i], ratio = u[i] * over;
        const double gap = U_GAP * over < 0.25 ? U_GAP * over : 0.25;
        const double low = ratio > gap ? ratio : gap;
        u[i] = low < 1.0 - gap ? low : 1.0 - gap;
    }
}

/* ---- small means: gamma variables ------------------------------------------------------------ */

static inline double piece_value(const double *c, double x)
{
    const double x2 = x * x;
    return __builtin_fma(quad(c + 4, x, x2), x2 * x2, quad(c, x, x2));
}

/* Shapes from 1: the row of N, the piece of the normal. A path whose search found N = 0 by a
 * rounding error has N = 1 where row 0 is not there. */
static void draw_rows(const variance_law *law, list *l)
{
    const int64_t least = law->has_near;
    normals_of_uniforms(l->u, l->z, l->n);
    for (size_t i = 0; i < l->n; i++) {
        const int piece = (int)((l->z[i] - ROW_Z_LOW) * (1.0 / ROW_WIDTH));
        const double dz = l->z[i] - (ROW_Z_LOW + ROW_WIDTH * (piece + 0.5));
        const size_t row = (size_t)(l->count[i] > least ? l->count[i] : least);
        const double y =
            piece_value(law->rows + row * LAW_ROW_SIZE + (size_t)piece * ROW_TERMS, dz);
        l->y[i] = y > 0.0 ? y : 0.0;
    }
}

/* Shape below 1, where L = -ln(1 - u) is beyond far_start. */
static void draw_far(const variance_law *law, const double *restrict ln_u, double *restrict y,
                     size_t n)
{
    double far[ROOM];
    for (size_t i = 0; i < n; i++) {
        const double above = 1.0 - exp_f64(ln_u[i]), least = above > U_GAP ? above : U_GAP;
        far[i] = -log_f64(least) - law->far_start;
    }
    for (size_t i = 0; i < n; i++) {
        const int piece = (int)(far[i] * (1.0 / FAR_WIDTH));
        const int last = piece < FAR_PIECES ? piece : FAR_PIECES - 1;
        y[i] = piece_value(law->far + (size_t)last * ROW_TERMS, far[i] - FAR_WIDTH * (last + 0.5));
    }
}

/* Shape below 1 and N = 0: given that, ln of the uniform is ln u + mu, which is in z. */
static void draw_near(const variance_law *law, list *l)
{
    const size_t n = padded(l);
    double *restrict ln_u = l->z, *restrict y = l->y;
    const double *c = law->near;
    for (size_t i = l->n; i < n; i++) {
        ln_u[i] = -1.0;
    }
    for (size_t i = 0; i < n; i++) {
        const double w = exp_f64((ln_u[i] + law->ln_gamma_1) * law->inverse_shape);
        const double t = w * law->near_scale - 1.0;
        const double t2 = t * t, t4 = t2 * t2;
        const double high = __builtin_fma(quad(c + 12, t, t2), t4, quad(c + 8, t, t2));
        const double low = __builtin_fma(quad(c + 4, t, t2), t4, quad(c, t, t2));
        y[i] = w * __builtin_fma(high, t4 * t4, low);
    }
    const pack_range range = {law->ln_far_from, 1.0};
    const double *const in[1] = {ln_u};
    double *const out[1] = {l->u};
    const size_t n_far = pack(range, ln_u, l->n, 1, in, out);
    if (n_far > 0) {
        draw_far(law, l->u, l->p, n_far);
        unpack(range, ln_u, l->n, l->p, y);
    }
}

/* ---- a block --------------------------------------------------------------------------------- */

/* Returns whether every path's mean is large. */
static int block_begin(const variance_law *law, block *b, const real *v)
{
    const double large = LAW_SWITCH - law->shape;
    int64_t n_small = 0;
    for (size_t i = 0; i < b->n; i++) {
        b->mu[i] = (double)v[i] * law->poisson_per_v;
        n_small += b->mu[i] < large;
    }
    return n_small == 0;
}

/* z of the whole block or list, from its tails where nobody else had it. */
static const double *normals_of_block(const block *b, list *l)
{
    if (b->z == NULL) {
        memcpy(l->u, b->tail, b->n * sizeof(*l->u));
        normals_of_tails(l->u, l->z, b->n);
    }
    return b->z == NULL ? l->z : b->z;
}

/* Draws those whose N is 0 by themselves; the others' key becomes their mean. */
static void block_zeros(const variance_law *law, block *b, list *l)
{
    const double large = LAW_SWITCH - law->shape, *restrict tail = b->tail, *restrict mu = b->mu;
    double *restrict all = b->ln_u, *restrict key = b->key;
    for (size_t i = 0; i < b->n; i++) {
        const double u = 1.0 - tail[i], ln_u = log_f64(u > 0x1p-60 ? u : 0x1p-60) + mu[i];
        all[i] = ln_u;
        key[i] = ((ln_u < 0.0) & (mu[i] < large)) ? -1.0 : mu[i];
    }
    const pack_range range = {-2.0, 0.0};
    const double *const in[1] = {all};
    double *const out[1] = {l->z};
    l->n = pack(range, key, b->n, 1, in, out);
    if (l->n > 0) {
        draw_near(law, l);
        unpack(range, key, b->n, l->y, b->y);
    }
}

static void block_small(const variance_law *law, block *b, list *l)
{
    const pack_range range = {0.0, LAW_SWITCH - law->shape};
    const double *const in[2] = {b->mu, b->tail};
    double *const out[2] = {l->mu, l->u};
    l->n = pack(range, b->mu, b->n, 2, in, out);
    if (l->n > 0) {
        search(law, l);
        draw_rows(law, l);
        unpack(range, b->mu, b->n, l->y, b->y);
    }
}

static void block_large(const variance_law *law, block *b, list *l)
{
    const pack_range range = {LAW_SWITCH - law->shape, LAW_MOST};
    const double *const in[2] = {b->mu, b->z != NULL ? b->z : b->tail};
    double *const out[2] = {l->mu, b->z != NULL ? l->z : l->u};
    l->n = pack(range, b->mu, b->n, 2, in, out);
    if (l->n > 0) {
        if (b->z == NULL) {
            normals_of_tails(l->u, l->z, l->n);
        }
        draw_large(law, l->mu, l->z, l->y, l->n);
        unpack(range, b->mu, b->n, l->y, b->y);
    }
}

/* Those whose N is not 0, made a smaller block: most of them have one method. */
static void block_others(const variance_law *law, block *b, list *l)
{
    const pack_range range = {0.0, LAW_MOST};
    block others;
    double tail[ROOM], z[ROOM];
    const double *const in[3] = {b->mu, b->tail, b->z};
    double *const out[3] = {others.mu, tail, z};
    others.n = pack(range, b->key, b->n, b->z == NULL ? 2 : 3, in, out);
    others.tail = tail;
    others.z = b->z == NULL ? NULL : z;
    if (others.n > 0) {
        block_small(law, &others, l);
        block_large(law, &others, l);
        unpack(range, b->key, b->n, others.y, b->y);
    }
}

static void draw_block(const variance_law *law, const real *v, block *b, real *v_next)
{
    list l;
    if (block_begin(law, b, v)) {
        draw_large(law, b->mu, normals_of_block(b, &l), b->y, b->n);
    } else if (law->has_near) {
        block_zeros(law, b, &l);
        block_others(law, b, &l);
    } else {
        block_small(law, b, &l);
        block_large(law, b, &l);
    }
    for (size_t i = 0; i < b->n; i++) {
        const double next = law->scale * b->y[i];
        v_next[i] = next > LEAST ? (real)next : REAL_C(0.0);
    }
}

void KERNEL(variance_draw)(const variance_law *law, const void *v, const void *z, const void *tail,
                           void *v_next, size_t n)
{
    block b;
    for (size_t i = 0; i < n; i += BLOCK) {
        b.n = n - i < BLOCK ? n - i : BLOCK;
#if REAL_BITS == 32
        _Alignas(64) double normal[BLOCK], above[BLOCK];
        (void)tail;
        for (size_t k = 0; k < b.n; k++) {
            normal[k] = (double)((const real *)z)[i + k];
            above[k] = normal_tail_f64(normal[k]);
        }
        b.z = normal;
        b.tail = above;
#else
        b.z = z == NULL ? NULL : (const double *)z + i;
        b.tail = (const double *)tail + i;
#endif
        draw_block(law, (const real *)v + i, &b, (real *)v_next + i);
    }
}
