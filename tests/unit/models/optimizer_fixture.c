/* tests/unit/models/optimizer_fixture.c - optimisers and schedules by text, and blocks to move. */
#include "tests/unit/models/optimizer_fixture.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/check.h"

const optimizer_case optimizer_cases[] = {
    {"sgd", "learning_rate=0.0137"},
    {"sgd", "learning_rate=0.0137,momentum=0.83,weight_decay=0.017"},
    {"sgd", "learning_rate=0.0137,momentum=0.83,nesterov=true"},
    {"adam", "weight_decay=0.0173"},
    {"adamw", "learning_rate=0.0037"},
    {"nadam", ""},
    {"rmsprop", ""},
    {"rmsprop", "momentum=0.73,centered=true,weight_decay=0.013"},
    {"momo", ""},
    {"momo", "beta=0.83,bias_correction=true,weight_decay=0.013,estimate=true"},
    {"momo_adam", ""},
    {"momo_adam", "beta1=0.83,weight_decay=0.013,estimate=true"},
};
const size_t n_optimizer_cases = sizeof(optimizer_cases) / sizeof(optimizer_cases[0]);

static void set_params(const fel_param_spec *specs, size_t n, const char *settings, double *params)
{
    char text[256];
    (void)snprintf(text, sizeof(text), "%s", settings);
    char *rest = NULL;
    for (char *item = strtok_r(text, ",", &rest); item != NULL; item = strtok_r(NULL, ",", &rest)) {
        char *value = strchr(item, '=');
        size_t index = 0;
        *value++ = '\0';
        CHECK_OK(fel_param_find(specs, n, item, &index));
        CHECK_OK(fel_param_parse(&specs[index], value, &params[index]));
    }
}

fel_optimizer_config optimizer_of(const char *name, const char *settings)
{
    const fel_optimizer_class *code = NULL;
    CHECK_OK(fel_optimizer_find(name, &code));
    fel_optimizer_config config = fel_optimizer_config_default(code);
    const fel_optimizer_info *info = fel_optimizer_class_info(code);
    set_params(info->params, info->n_params, settings, config.params);
    return config;
}

fel_schedule schedule_of(const char *text)
{
    fel_schedule schedule;
    char name[64];
    const char *settings = strchr(text, ':');
    const size_t length = settings != NULL ? (size_t)(settings - text) : strlen(text);
    (void)snprintf(name, sizeof(name), "%.*s", (int)length, text);
    CHECK_OK(fel_schedule_find(name, &schedule));
    if (settings != NULL) {
        set_params(schedule.code->params, schedule.code->n_params, settings + 1, schedule.params);
    }
    return schedule;
}

void fixture_blocks(size_t n, fel_block_info blocks[FIXTURE_BLOCKS])
{
    const fel_block_info all[FIXTURE_BLOCKS] = {
        {"dense0.weight", FEL_BLOCK_WEIGHT, 0, 0, 1, n - 3, 0.0},
        {"dense0.bias", FEL_BLOCK_BIAS, 0, n - 3, 1, 1, 0.0},
        {"norm1.scale", FEL_BLOCK_SCALE, 1, n - 2, 2, 1, 0.0},
    };
    memcpy(blocks, all, sizeof(all));
}

fel_optimizer *fixture_f64(const fel_optimizer_config *config, size_t n)
{
    fel_block_info blocks[FIXTURE_BLOCKS];
    fel_optimizer *optimizer = NULL;
    fixture_blocks(n, blocks);
    CHECK_OK(fel_optimizer_create_f64(&optimizer, config, blocks, FIXTURE_BLOCKS));
    return optimizer;
}

fel_optimizer *fixture_f32(const fel_optimizer_config *config, size_t n)
{
    fel_block_info blocks[FIXTURE_BLOCKS];
    fel_optimizer *optimizer = NULL;
    fixture_blocks(n, blocks);
    CHECK_OK(fel_optimizer_create_f32(&optimizer, config, blocks, FIXTURE_BLOCKS));
    return optimizer;
}

fel_optimizer_input input_of(double loss)
{
    const fel_optimizer_input input = {(uint32_t)sizeof(input), 0, 1.0, loss, 0.0};
    return input;
}
