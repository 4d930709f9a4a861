/* tests/unit/losses/test_loss_torch.c - values and gradients against torch's (torch_losses.py,
 * which says how): the recorded ones, and those of the torch that is installed. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <feller/loss.h>

#include "tests/support/check.h"
#include "tests/unit/losses/loss_cases.h"

#define RECORDED "tests/unit/losses/torch_losses.json"
#define SCRIPT   "tests/unit/losses/torch_losses.py"

static size_t read_numbers(const json_t *list, double *out, size_t room)
{
    const size_t n = json_array_size(list);
    CHECK(n <= room);
    for (size_t i = 0; i < n && i < room; i++) {
        out[i] = json_number_value(json_array_get(list, i));
    }
    return n;
}

static void check_case(const json_t *item)
{
    enum { ROOM = 64 };
    double outputs[ROOM], targets[ROOM], weights[ROOM], expected[ROOM], gradient[ROOM];
    size_t starts[ROOM];
    const fel_loss loss = loss_of(json_string_value(json_object_get(item, "name")),
                                  json_string_value(json_object_get(item, "settings")));
    const size_t n = (size_t)json_integer_value(json_object_get(item, "n"));
    const size_t n_outputs = (size_t)json_integer_value(json_object_get(item, "n_outputs"));
    const size_t n_targets = read_numbers(json_object_get(item, "targets"), targets, ROOM) / n;
    CHECK_INT(read_numbers(json_object_get(item, "outputs"), outputs, ROOM), n * n_outputs);
    CHECK_INT(read_numbers(json_object_get(item, "gradient"), expected, ROOM), n * n_outputs);
    fel_loss_batch batch = fel_loss_batch_of(n, outputs, n_outputs, targets, n_targets);
    if (read_numbers(json_object_get(item, "weights"), weights, ROOM) > 0) {
        batch.weights = weights;
    }
    const json_t *groups = json_object_get(item, "groups");
    for (size_t g = 0; g < json_array_size(groups); g++) {
        starts[g] = (size_t)json_integer_value(json_array_get(groups, g));
        batch.group_starts = starts;
        batch.n_groups = g;
    }
    double value = 0.0, largest = 0.0;
    CHECK_OK(fel_loss_eval(&loss, &batch, &value, gradient));
    CHECK_REL(value, json_number_value(json_object_get(item, "value")), 1e-12);
    for (size_t i = 0; i < n * n_outputs; i++) {
        largest = fmax(largest, fabs(expected[i]));
    }
    for (size_t i = 0; i < n * n_outputs; i++) {
        CHECK_NEAR(gradient[i], expected[i], 1e-12 * largest);
    }
}

static void check_cases(json_t *cases)
{
    CHECK_INT(json_array_size(cases), 19);
    for (size_t i = 0; i < json_array_size(cases); i++) {
        check_case(json_array_get(cases, i));
    }
    json_decref(cases);
}

static void test_recorded_values_of_torch(void)
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

static void test_values_of_the_torch_that_is_installed(void)
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

SUITE("losses/loss_torch", TEST(test_recorded_values_of_torch),
      TEST(test_values_of_the_torch_that_is_installed));
