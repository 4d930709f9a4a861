/* tests/unit/strategies/test_plugins_stand_alone.c - strategies, the example of docs/strategies.md
 * and the template of `feller new strategy` are compiled with the public headers alone into .so
 * files that need nothing of the library; the documentation shows the example as it is. */
#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <feller/strategies.h>

#include "core/rng.h"
#include "tests/support/check.h"
#include "tests/unit/strategies/fake_host.h"

static const char example_path[] = "examples/strategies/my_breakout.c";

/* The whole file, terminated; "" if it is not there. free() it. */
static char *text_of(const char *path)
{
    char *text = calloc(1, 1 << 20);
    FILE *stream = fopen(path, "rb");
    if (text != NULL && stream != NULL) {
        text[fread(text, 1, (1 << 20) - 1, stream)] = '\0';
    }
    if (stream != NULL) {
        (void)fclose(stream);
    }
    return text;
}

/* cc: any C17 compiler; -z defs makes the linker refuse a symbol that libc and libm do not have. */
static int compile(const char *source, const char *plugin)
{
    char command[2048];
    (void)snprintf(command, sizeof(command),
                   "cc -std=c17 -O1 -Wall -Wextra -Wpedantic -Werror -fPIC -shared -Iinclude "
                   "-Wl,-z,defs '%s' -o '%s' -lm",
                   source, plugin);
    return system(command) == 0; /* NOLINT(cert-env33-c): a test that needs the compiler */
}

/* The plug-in's first strategy, or NULL. *handle is to be closed when it is no longer used. */
static const fel_strategy *strategy_of(const char *plugin_path, void **handle)
{
    const fel_plugin *(*entry)(void) = NULL;
    *handle = dlopen(plugin_path, RTLD_NOW | RTLD_LOCAL);
    if (*handle == NULL) {
        (void)printf("\n%s\n", dlerror());
        return NULL;
    }
    void *symbol = dlsym(*handle, FEL_PLUGIN_SYMBOL);
    memcpy(&entry, &symbol, sizeof(entry));
    if (entry == NULL || entry()->abi != FEL_PLUGIN_ABI || entry()->n_strategies != 1) {
        return NULL;
    }
    return entry()->strategies[0];
}

static const fel_strategy *compiled(const char *source, const char *name, void **handle)
{
    char plugin[512];
    (void)snprintf(plugin, sizeof(plugin), "%s/%s.so", scratch_folder(), name);
    *handle = NULL;
    const int is_built = compile(source, plugin);
    CHECK(is_built);
    const fel_strategy *strategy = is_built ? strategy_of(plugin, handle) : NULL;
    CHECK(strategy != NULL);
    CHECK_TEXT(strategy != NULL ? strategy->name : "", name);
    return strategy;
}

static void test_every_builtin_is_a_plugin_too(void)
{
    size_t n = 0;
    const fel_strategy *const *all = fel_strategy_builtins(&n);
    for (size_t i = 0; i < n; i++) {
        char source[256];
        void *handle = NULL;
        (void)snprintf(source, sizeof(source), "strategies/strategy_%s.c", all[i]->name);
        const fel_strategy *strategy = compiled(source, all[i]->name, &handle);
        CHECK(strategy != NULL && strategy->n_params == all[i]->n_params);
        CHECK(strategy != all[i]);
        if (handle != NULL) {
            (void)dlclose(handle);
        }
    }
}

/* A walk with a drift; returns the number of targets ordered. */
static size_t run_on_walk(fake_host *host, size_t n_steps)
{
    rng_stream r = rng_at(51, 0);
    double level = 100.0;
    for (size_t i = 0; i < n_steps; i++) {
        const double open = level;
        level *= exp(0.001 + 0.01 * rng_normal(&r));
        const fel_bar bar =
            fake_bar(0, open, fmax(open, level) + 0.1, fmin(open, level) - 0.1, level);
        CHECK_INT(fake_step(host, &bar, 1), FEL_OK);
    }
    return host->n_orders;
}

static void test_example_buys_a_breakout_and_trails_its_stop(void)
{
    void *handle = NULL;
    const fel_strategy *strategy = compiled(example_path, "my_breakout", &handle);
    if (strategy == NULL) {
        return;
    }
    fake_host *host = fake_host_create(1, 0);
    CHECK_INT(fake_start(host, strategy, NULL), FEL_OK);
    CHECK_INT(run_on_walk(host, 20), 0); /* the channel is not yet full */
    fake_stop(host);
    CHECK_INT(fake_start(host, strategy, NULL), FEL_OK);
    CHECK_INT(run_on_walk(host, 300), 1); /* bought once; stops are not filled here */
    CHECK(host->orders[0].step >= 20);
    CHECK_SAME(host->orders[0].amount, 1.0);
    CHECK(host->n_submitted > 5);
    for (size_t k = 0; k < host->n_submitted && k < 64; k++) {
        CHECK_INT(host->submitted[k].type, FEL_ORDER_STOP);
        CHECK_INT(host->submitted[k].side, FEL_SELL);
        CHECK_SAME(host->submitted[k].quantity, host->position[0]);
        CHECK(k == 0 || host->submitted[k].stop_price > host->submitted[k - 1].stop_price);
    }
    fake_stop(host);
    free(host);
    (void)dlclose(handle);
}

/* Write the template with every @NAME@ replaced. */
static void fill_template(const char *path, const char *name)
{
    char *text = text_of("tools/new/strategy.c.in");
    FILE *stream = fopen(path, "wb");
    CHECK(stream != NULL && text[0] != '\0');
    const char *at = text;
    for (const char *mark = strstr(at, "@NAME@"); mark != NULL; mark = strstr(at, "@NAME@")) {
        (void)fwrite(at, 1, (size_t)(mark - at), stream);
        (void)fputs(name, stream);
        at = mark + strlen("@NAME@");
    }
    (void)fputs(at, stream);
    (void)fclose(stream);
    free(text);
}

static void test_template_compiles_and_trades(void)
{
    char source[512];
    void *handle = NULL;
    (void)snprintf(source, sizeof(source), "%s/my_idea.c", scratch_folder());
    fill_template(source, "my_idea");
    const fel_strategy *strategy = compiled(source, "my_idea", &handle);
    if (strategy == NULL) {
        return;
    }
    fake_host *host = fake_host_create(1, 0);
    CHECK_INT(fake_start(host, strategy, NULL), FEL_OK);
    CHECK_INT(run_on_walk(host, 49), 0);
    fake_stop(host);
    CHECK_INT(fake_start(host, strategy, NULL), FEL_OK);
    CHECK(run_on_walk(host, 400) > 2);
    fake_stop(host);
    free(host);
    (void)dlclose(handle);
}

/* ---- docs/strategies.md ------------------------------------------------------------------------
 */

static void test_page_shows_the_example_as_it_is(void)
{
    char *page = text_of("docs/strategies.md"), *example = text_of(example_path);
    char *begin = strstr(page, "```c\n/* my_breakout.c");
    CHECK(begin != NULL);
    char *end = begin != NULL ? strstr(begin, "\n```\n") : NULL;
    CHECK(end != NULL);
    if (end != NULL) {
        end[1] = '\0';
        CHECK_TEXT(begin + strlen("```c\n"), example);
    }
    free(page);
    free(example);
}

/* Every strategy with every parameter, its default and its range, as `feller list` has them. */
static void test_page_lists_every_parameter(void)
{
    char *page = text_of("docs/strategies.md");
    size_t n = 0;
    const fel_strategy *const *all = fel_strategy_builtins(&n);
    for (size_t i = 0; i < n; i++) {
        char line[512], value[64], low[64], high[64];
        (void)snprintf(line, sizeof(line), "### %s\n", all[i]->name);
        const char *section = strstr(page, line);
        CHECK_HAS(page, line);
        for (size_t k = 0; k < all[i]->n_params && section != NULL; k++) {
            const fel_param_spec *spec = &all[i]->params[k];
            fel_param_format(spec, spec->default_value, value, sizeof(value));
            fel_param_format(spec, spec->min, low, sizeof(low));
            fel_param_format(spec, spec->max, high, sizeof(high));
            const char *allowed = spec->kind == FEL_PARAM_BOOL ? "false|true" : spec->choices;
            char range[160], words[160];
            (void)snprintf(range, sizeof(range), "%s to %s", low, high);
            (void)snprintf(words, sizeof(words), "%s", allowed != NULL ? allowed : range);
            for (char *bar = strchr(words, '|'); bar != NULL; bar = strchr(words, '|')) {
                *bar = '/'; /* a table's cell cannot hold the bar */
            }
            (void)snprintf(line, sizeof(line), "| `%s` | %s | %s | %s |\n", spec->name, value,
                           words, spec->doc);
            CHECK_HAS(section, line);
        }
    }
    free(page);
}

SUITE("strategies/plugins_stand_alone", TEST(test_every_builtin_is_a_plugin_too),
      TEST(test_example_buys_a_breakout_and_trails_its_stop),
      TEST(test_template_compiles_and_trades), TEST(test_page_shows_the_example_as_it_is),
      TEST(test_page_lists_every_parameter));
