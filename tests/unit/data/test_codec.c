/* tests/unit/data/test_codec.c - columns to bytes and back, bit for bit. */
#define FEL_MODULE_DATA 1
#include "data/codec_internal.h"
#include "tests/unit/data/sample_series.h"

enum { CHUNK = 1000, MOST = 2500 };

typedef struct pair {
    codec_work *writer, *reader;
} pair;

static pair pair_create(void)
{
    pair p = {NULL, NULL};
    CHECK_OK(codec_work_create(&p.writer, CHUNK, 1));
    CHECK_OK(codec_work_create(&p.reader, CHUNK, 0));
    return p;
}

static void pair_destroy(pair *p)
{
    codec_work_destroy(p->writer);
    codec_work_destroy(p->reader);
}

/* Pack n rows chunk by chunk and unpack them; the plan that was used. */
static codec_plan round_trip(pair *p, codec_column column, size_t n, double hint)
{
    static uint8_t bytes[CHUNK * sizeof(double)];
    static double values[MOST];
    static int64_t instants[MOST];
    const codec_plan plan = codec_make_plan(column, n, CHUNK, hint, codec_work_numbers(p->writer));
    for (size_t at = 0; at < n; at += CHUNK) {
        const size_t rows = n - at < CHUNK ? n - at : CHUNK;
        codec_chunk chunk;
        codec_bytes out = {.data = bytes};
        codec_pack(p->writer, &plan, column, at, rows, &chunk, &out);
        CHECK(out.size <= codec_bound(CHUNK));
        const codec_target to = {column.instants != NULL ? instants + at : NULL,
                                 column.instants != NULL ? NULL : values + at};
        CHECK_OK(codec_unpack(p->reader, &plan, &chunk, &out, rows, to));
    }
    CHECK(column.instants != NULL ? memcmp(instants, column.instants, n * sizeof(int64_t)) == 0
                                  : same_doubles(values, column.values, n));
    return plan;
}

static codec_plan round_trip_values(pair *p, const double *x, size_t n, double hint)
{
    const codec_column column = {NULL, x};
    return round_trip(p, column, n, hint);
}

static void test_prices_on_a_grid_become_small_differences(void)
{
    pair p = pair_create();
    sample_rows r = sample_bars(21, MOST, 0, 100.0);
    codec_plan plan = round_trip_values(&p, r.columns[3], MOST, 0.0);
    CHECK_INT(plan.kind, CODEC_DELTA);
    CHECK_SAME(plan.ticks_per_unit, 100.0);
    CHECK_INT(plan.width, 1);
    plan = round_trip_values(&p, r.columns[3], MOST, 1000.0); /* a finer grid, asked for */
    CHECK_SAME(plan.ticks_per_unit, 1000.0);
    CHECK_INT(plan.width, 1); /* the step takes the factor out again */
    plan = round_trip_values(&p, r.columns[4], MOST, 0.0);
    CHECK_INT(plan.kind, CODEC_OFFSET);
    CHECK_INT(plan.width, 4); /* volumes up to 90000 */
    CHECK_SAME(plan.ticks_per_unit, 1.0);
    sample_rows_destroy(&r);
    pair_destroy(&p);
}

static void test_prices_off_every_grid_stay_doubles(void)
{
    pair p = pair_create();
    sample_rows r = sample_bars(22, MOST, 0, 0.0);
    CHECK_INT(round_trip_values(&p, r.columns[1], MOST, 100.0).kind, CODEC_FLOAT64);
    r.columns[1][3] = 2.385;
    sample_rows_destroy(&r);
    pair_destroy(&p);
}

static void test_awkward_doubles_come_back(void)
{
    pair p = pair_create();
    double x[] = {0.0,
                  -0.0,
                  (double)NAN,
                  (double)INFINITY,
                  -(double)INFINITY,
                  5e-324,
                  1.7976931348623157e308,
                  -2.385,
                  4503599627370497.0,
                  -37.63,
                  0.1 + 0.2,
                  1e22};
    const size_t n = sizeof(x) / sizeof(x[0]);
    CHECK_INT(round_trip_values(&p, x, n, 0.0).kind, CODEC_FLOAT64);
    for (size_t i = 0; i < n; i++) { /* and each alone */
        (void)round_trip_values(&p, &x[i], 1, 10.0);
    }
    double holes[MOST];
    for (size_t i = 0; i < MOST; i++) {
        holes[i] = i % 3 == 0 ? (double)NAN : 0.25 * (double)i;
    }
    CHECK_INT(round_trip_values(&p, holes, MOST, 4.0).kind, CODEC_FLOAT64);
    double negative[MOST];
    for (size_t i = 0; i < MOST; i++) {
        negative[i] = (double)((int)(i * 7919 % 9000) - 8999) / 100.0;
    }
    CHECK_SAME(round_trip_values(&p, negative, MOST, 0.0).ticks_per_unit, 100.0);
    pair_destroy(&p);
}

static void test_values_of_every_width_come_back(void)
{
    pair p = pair_create();
    static double x[MOST];
    for (unsigned bits = 1; bits <= 51; bits++) {
        rng_stream s = rng_at(bits, 3);
        for (size_t i = 0; i < MOST; i++) {
            const double size = (double)(rng_next(&s) >> (64 - bits));
            x[i] = rng_below(&s, 2) == 0 ? size : -size + 0.0;
        }
        const codec_plan plan = round_trip_values(&p, x, MOST, 0.0);
        CHECK(plan.kind == CODEC_FLOAT64 || plan.ticks_per_unit == 1.0);
        CHECK(bits < 51 ? plan.kind != CODEC_FLOAT64 : 1);
    }
    pair_destroy(&p);
}

static void test_instants_come_back_even_at_the_ends(void)
{
    pair p = pair_create();
    static int64_t t[MOST];
    for (size_t i = 0; i < MOST; i++) {
        t[i] = INT64_C(1577836800) * FEL_NS_PER_SECOND + (int64_t)i * FEL_NS_PER_MINUTE;
    }
    const codec_column column = {t, NULL};
    CHECK_INT(round_trip(&p, column, MOST, 0.0).width, 1);
    rng_stream s = rng_at(5, 5);
    for (size_t i = 0; i < MOST; i++) {
        t[i] = (int64_t)rng_next(&s); /* any order: differences wrap and unwrap */
    }
    t[7] = INT64_MIN;
    t[8] = INT64_MAX;
    CHECK_INT(round_trip(&p, column, MOST, 0.0).width, 8);
    t[0] = INT64_MIN; /* one difference of 2^63 */
    t[1] = 0;
    t[2] = INT64_MIN;
    (void)round_trip(&p, column, 3, 0.0);
    (void)round_trip(&p, column, 1, 0.0);
    pair_destroy(&p);
}

static void test_grid_found_is_the_coarsest(void)
{
    const double cents[] = {19.99, 20.0, -3.07}, tenths[] = {1.5, 2.0, 1e6}, thirds[] = {1.0 / 3.0};
    const double eighths[] = {0.125, 7.875}, zero[] = {0.0, -0.0};
    CHECK_SAME(codec_find_grid(cents, 3, 0.0), 100.0);
    CHECK_SAME(codec_find_grid(tenths, 3, 0.0), 10.0);
    CHECK_SAME(codec_find_grid(tenths, 3, 4.0), 4.0);
    CHECK_SAME(codec_find_grid(eighths, 2, 0.0), 1000.0);
    CHECK_SAME(codec_find_grid(eighths, 2, 8.0), 8.0);
    CHECK_SAME(codec_find_grid(thirds, 1, 0.0), 0.0);
    CHECK_SAME(codec_find_grid(zero, 1, 0.0), 1.0);
    CHECK_SAME(codec_find_grid(zero, 2, 0.0), 0.0);
}

static void test_shuffle_is_bytes_by_place(void)
{
    const uint32_t widths[] = {1, 2, 4, 8};
    rng_stream s = rng_at(9, 9);
    uint8_t in[8 * 37], out[8 * 37];
    for (size_t i = 0; i < sizeof(in); i++) {
        in[i] = (uint8_t)rng_next(&s);
    }
    for (size_t w = 0; w < 4; w++) {
        const uint32_t width = widths[w];
        int64_t back[37];
        codec_shuffle(in, 37, width, out);
        for (size_t i = 0; i < 37; i++) {
            for (uint32_t b = 0; b < width; b++) {
                CHECK_INT(out[b * 37 + i], in[i * width + b]);
            }
        }
        codec_unshuffle(out, 37, width, 1, 2, 30, back);
        for (size_t i = 0; i < 30; i++) {
            int64_t expected = 0;
            memcpy(&expected, in + (i + 2) * width, width);
            expected = (int64_t)((uint64_t)expected << (64 - 8 * width)) >> (64 - 8 * width);
            CHECK_INT(back[i], expected);
        }
    }
}

static void test_changed_bytes_are_found(void)
{
    pair p = pair_create();
    sample_rows r = sample_bars(23, CHUNK, 0, 100.0);
    static uint8_t bytes[CHUNK * sizeof(double)];
    static double values[CHUNK];
    const codec_column column = {NULL, r.columns[0]};
    const codec_target to = {NULL, values};
    codec_plan plan = codec_make_plan(column, CHUNK, CHUNK, 0.0, codec_work_numbers(p.writer));
    codec_chunk chunk;
    codec_bytes out = {.data = bytes};
    codec_pack(p.writer, &plan, column, 0, CHUNK, &chunk, &out);
    for (size_t i = 0; i < out.size; i += 41) {
        bytes[i] ^= 0x10;
        CHECK_STATUS(codec_unpack(p.reader, &plan, &chunk, &out, CHUNK, to), FEL_ERR_FORMAT);
        bytes[i] ^= 0x10;
    }
    codec_chunk other = chunk;
    other.first += 1;
    CHECK_STATUS(codec_unpack(p.reader, &plan, &other, &out, CHUNK, to), FEL_ERR_FORMAT);
    other = chunk;
    other.step += 1;
    CHECK_STATUS(codec_unpack(p.reader, &plan, &other, &out, CHUNK, to), FEL_ERR_FORMAT);
    plan.width = 4; /* sound bytes, another size */
    CHECK_STATUS(codec_unpack(p.reader, &plan, &chunk, &out, CHUNK, to), FEL_ERR_FORMAT);
    sample_rows_destroy(&r);
    pair_destroy(&p);
}

SUITE("data/codec", TEST(test_prices_on_a_grid_become_small_differences),
      TEST(test_prices_off_every_grid_stay_doubles), TEST(test_awkward_doubles_come_back),
      TEST(test_values_of_every_width_come_back), TEST(test_instants_come_back_even_at_the_ends),
      TEST(test_grid_found_is_the_coarsest), TEST(test_shuffle_is_bytes_by_place),
      TEST(test_changed_bytes_are_found));
