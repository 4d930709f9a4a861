/* tests/unit/models/test_optimizer_torch.c - ten steps of each optimiser against torch's
 * (torch_optimizers.py, which says how), float and double, and torch's schedules. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/unit/models/optimizer_fixture.h"

#define RECORDED "tests/unit/models/torch_optimizers.json"
#define SCRIPT   "tests/unit/models/torch_optimizers.py"

enum { MOST = 64, STEPS = 10, N_CASES = 15 };

static double number_at(const json_t *item, const char *key, size_t index)
{
    return json_number_value(json_array_get(json_object_get(item, key), index));
}

static fel_optimizer_config config_of(const json_t *item)
{
    fel_optimizer_config config =
        optimizer_of(json_string_value(json_object_get(item, "name")),
                     json_string_value(json_object_get(item, "settings")));
    config.decay_all = 1; /* as torch's */
    return config;
}

static void check_doubles(const json_t *item, size_t n)
{
    const fel_optimizer_config config = config_of(item);
    fel_optimizer *optimizer = fixture_f64(&config, n);
    double values[MOST], gradient[MOST];
    for (size_t i = 0; i < n; i++) {
        values[i] = number_at(item, "start", i);
    }
    for (size_t step = 0; step < STEPS; step++) {
        fel_optimizer_input input = input_of(0.0);
        input.rate_factor = number_at(item, "factors", step);
        for (size_t i = 0; i < n; i++) {
            gradient[i] = number_at(item, "gradients", step * n + i);
        }
        CHECK_OK(fel_optimizer_step_f64(optimizer, &input, gradient, values, NULL));
        for (size_t i = 0; i < n; i++) {
            CHECK_NEAR(values[i], number_at(item, "values", step * n + i), 2e-14);
        }
    }
    fel_optimizer_destroy(optimizer);
}

static void check_floats(const json_t *item, size_t n)
{
    const fel_optimizer_config config = config_of(item);
    fel_optimizer *optimizer = fixture_f32(&config, n);
    float values[MOST], gradient[MOST];
    for (size_t i = 0; i < n; i++) {
        values[i] = (float)number_at(item, "start", i);
    }
    for (size_t step = 0; step < STEPS; step++) {
        fel_optimizer_input input = input_of(0.0);
        input.rate_factor = number_at(item, "factors", step);
        for (size_t i = 0; i < n; i++) {
            gradient[i] = (float)number_at(item, "gradients", step * n + i);
        }
        CHECK_OK(fel_optimizer_step_f32(optimizer, &input, gradient, values, NULL));
        for (size_t i = 0; i < n; i++) {
            CHECK_NEAR((double)values[i], number_at(item, "values", step * n + i), 5e-6);
        }
    }
    fel_optimizer_destroy(optimizer);
}

/* Five epochs of two steps. */
static void check_schedule(const json_t *item)
{
    const char *text = json_string_value(json_object_get(item, "schedule"));
    if (text == NULL) {
        return;
    }
    const fel_schedule schedule = schedule_of(text);
    for (size_t step = 0; step < STEPS; step++) {
        CHECK_NEAR(fel_schedule_factor(&schedule, step, 2, 5), number_at(item, "factors", step),
                   1e-14);
    }
}

static void check_cases(json_t *cases)
{
    CHECK_INT(json_array_size(cases), N_CASES);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *item = json_array_get(cases, i);
        const size_t n = json_array_size(json_object_get(item, "start"));
        CHECK(n > 3 && n <= MOST);
        if (n > 3 && n <= MOST) {
            check_doubles(item, n);
            check_floats(item, n);
        }
        check_schedule(item);
    }
    json_decref(cases);
}

static void test_recorded_steps_of_torch(void)
{
    check_cases(json_load_file(RECORDED, 0, NULL));
}

/* Debian's torch belongs to Debian's python, which need not be the first one. */
static const char *python_with_torch(void)
{
    static const char *const names[] = {"python3", "/usr/bin/python3"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char command[128];
        (void)snprintf(command, sizeof(command), "%s -c 'import torch' >/dev/null 2>&1", names[i]);
        if (system(command) == 0) {
            return names[i];
        }
    }
    return NULL;
}

static void test_steps_of_the_torch_that_is_installed(void)
{
    const char *python = python_with_torch();
    if (python == NULL) {
        SKIP("torch is not installed for python3");
    }
    char command[128];
    (void)snprintf(command, sizeof(command), "%s " SCRIPT " 2>/dev/null", python);
    FILE *output = popen(command, "r");
    CHECK(output != NULL);
    if (output != NULL) {
        check_cases(json_loadf(output, 0, NULL));
        CHECK_INT(pclose(output), 0);
    }
}

SUITE("models/optimizer_torch", TEST(test_recorded_steps_of_torch),
      TEST(test_steps_of_the_torch_that_is_installed));
