/* tests/unit/engine/test_plugin.c - strategies from .so files: a good one, one of another ABI, one
 * without an entry, broken tables, one that fails in on_start; the exact messages. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/engine/engine_fixture.h"

static const char good_code[] =
    "#include <feller/strategy.h>\n"
    "static const fel_param_spec params[] = {\n"
    "    {\"units\", FEL_PARAM_REAL, 2.5, 0, 10, NULL, \"units to hold\"}};\n"
    "static fel_status on_bar(void *state, fel_ctx *ctx, const fel_bar *bar)\n"
    "{\n"
    "    int *n = state;\n"
    "    return (*n)++ == 0 ? fel_order_to_position(ctx, bar->instrument, ctx->params[0]) : FEL_OK;\n"
    "}\n"
    "static const fel_strategy hold = {.struct_size = sizeof(fel_strategy), .name = \"hold\",\n"
    "    .summary = \"holds\", .params = params, .n_params = 1, .state_size = sizeof(int),\n"
    "    .on_bar = on_bar};\n"
    "FEL_PLUGIN(\"holding\", \"1.2.3\", hold);\n";

static const char failing_code[] =
    "#include <feller/strategy.h>\n"
    "static fel_status on_start(void *state, fel_ctx *ctx)\n"
    "{\n"
    "    (void)state;\n"
    "    return ctx->host->fail(ctx, \"needs %d instruments, has %zu\", 2, ctx->n_instruments);\n"
    "}\n"
    "static const fel_strategy fails = {.struct_size = sizeof(fel_strategy), .name = \"fails\",\n"
    "    .on_start = on_start};\n"
    "FEL_PLUGIN(\"failing\", \"1\", fails);\n";

/* A table of that ABI, size, name, list and strategy. */
#define TABLE(abi, size, name, strategies, n, strategy)                                            \
    "#include <feller/strategy.h>\n"                                                               \
    "static const fel_strategy s = " strategy ";\n"                                                \
    "static const fel_strategy *const list[] = {&s, NULL};\n"                                      \
    "static const fel_plugin plugin = {" abi ", " size ", " name ", \"1\", " strategies ", " n     \
    "};\n"                                                                                         \
    "FEL_API const fel_plugin *fel_plugin_entry(void);\n"                                          \
    "FEL_API const fel_plugin *fel_plugin_entry(void)\n"                                           \
    "{\n"                                                                                          \
    "    (void)list;\n"                                                                            \
    "    return &plugin;\n"                                                                        \
    "}\n"
#define FINE "{.struct_size = sizeof(fel_strategy), .name = \"s\"}"

/* Path of a plug-in made from code; "" if the compiler would not. */
static const char *compiled(const char *code)
{
    static char path[512];
    char source[400], command[1400];
    const char *folder = scratch_folder();
    (void)snprintf(source, sizeof(source), "%s/p.c", folder);
    (void)snprintf(path, sizeof(path), "%s/p.so", folder);
    FILE *stream = fopen(source, "w");
    CHECK(stream != NULL);
    if (stream != NULL) {
        (void)fputs(code, stream);
        (void)fclose(stream);
    }
    (void)snprintf(command, sizeof(command),
                   "cc -std=c17 -fPIC -shared -Iinclude -Wall -Wextra -Werror '%s' -o '%s'", source,
                   path);
    CHECK(system(command) == 0); /* NOLINT(cert-env33-c): a test that needs the compiler */
    return path;
}

/* The message is the path and this. */
static void check_refused(const char *code, fel_status status, const char *message)
{
    char expected[1024];
    fel_library *library = NULL;
    const char *path = compiled(code);
    CHECK_STATUS(fel_library_open(&library, path), status);
    (void)snprintf(expected, sizeof(expected), "%s%s", path, message);
    CHECK_TEXT(fel_last_error()->message, expected);
    CHECK(library == NULL);
}

static void test_a_plugin_trades_like_a_strategy_that_is_built_in(void)
{
    static const double prices[] = {100, 101, 102};
    fel_library *library = NULL;
    CHECK_OK(fel_library_open(&library, compiled(good_code)));
    const fel_plugin *plugin = fel_library_plugin(library);
    CHECK_TEXT(plugin->name, "holding");
    CHECK_TEXT(plugin->version, "1.2.3");
    CHECK_INT(plugin->n_strategies, 1);
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    market_add_flat_days(&m, &info, 0, prices, 3);
    const fel_engine_config config = checked_config();
    run r = run_market(&m, &config, plugin->strategies[0], NULL);
    CHECK_SAME(r.result->positions[0].quantity, 2.5);
    CHECK_SAME(r.result->fills[0].price, 101.0);
    run_clear(&r);
    market_clear(&m);
    fel_library_close(library);
    fel_library_close(NULL);
}

static void test_a_plugin_that_fails_in_on_start_says_why(void)
{
    static const double prices[] = {100, 101};
    fel_library *library = NULL;
    CHECK_OK(fel_library_open(&library, compiled(failing_code)));
    market m = {0};
    const fel_series_info info = bars_info("X", FEL_NS_PER_DAY);
    market_add_flat_days(&m, &info, 0, prices, 2);
    fel_engine *engine = NULL;
    const fel_result *result = NULL;
    const fel_engine_config config = checked_config();
    CHECK_OK(fel_engine_create(&engine, &config, m.sources, m.n,
                               fel_library_plugin(library)->strategies[0], NULL));
    CHECK_STATUS(fel_engine_run(engine, &result), FEL_ERR_ARG);
    CHECK_TEXT(fel_last_error()->message, "strategy fails: needs 2 instruments, has 1");
    fel_engine_destroy(engine);
    market_clear(&m);
    fel_library_close(library);
}

static void test_another_abi_is_refused_with_both_numbers(void)
{
    check_refused(TABLE("7", "sizeof(fel_plugin)", "\"old\"", "list", "1", FINE), FEL_ERR_ABI,
                  " was built for plug-in ABI 7, this program has ABI 1: rebuild it with these "
                  "headers");
}

static void test_broken_tables_are_refused(void)
{
    static const char *const broken = ": its table is broken or lists no strategy";
    check_refused("int nothing_here; int nothing_here;\n", FEL_ERR_FORMAT,
                  " has no fel_plugin_entry(): not a Feller plug-in");
    check_refused("const void *fel_plugin_entry(void);\n"
                  "const void *fel_plugin_entry(void)\n{\n    return 0;\n}\n",
                  FEL_ERR_FORMAT, ": fel_plugin_entry() returned nothing");
    check_refused(TABLE("1", "8", "\"p\"", "list", "1", FINE), FEL_ERR_FORMAT, broken);
    check_refused(TABLE("1", "sizeof(fel_plugin)", "\"p\"", "0", "1", FINE), FEL_ERR_FORMAT,
                  broken);
    check_refused(TABLE("1", "sizeof(fel_plugin)", "\"p\"", "list", "0", FINE), FEL_ERR_FORMAT,
                  broken);
    check_refused(TABLE("1", "sizeof(fel_plugin)", "0", "list", "1", FINE), FEL_ERR_FORMAT, broken);
    check_refused(TABLE("1", "sizeof(fel_plugin)", "\"p\"", "list", "1", "{.name = \"s\"}"),
                  FEL_ERR_FORMAT, ": strategy 0 has a table of 0 bytes, not 176");
    check_refused(TABLE("1", "sizeof(fel_plugin)", "\"p\"", "list", "2", FINE), FEL_ERR_FORMAT,
                  ": strategy 1 has a table of 0 bytes, not 176");
    check_refused(TABLE("1", "sizeof(fel_plugin)", "\"p\"", "list", "1",
                        "{.struct_size = sizeof(fel_strategy), .name = \"s\", .n_params = 3}"),
                  FEL_ERR_FORMAT, ": strategy 0 has no name or no parameter table");
}

static void test_files_that_are_no_library_are_refused(void)
{
    char path[512];
    fel_library *library = NULL;
    (void)snprintf(path, sizeof(path), "%s/absent.so", scratch_folder());
    CHECK_STATUS(fel_library_open(&library, path), FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "cannot load plug-in: ");
    CHECK_HAS(fel_last_error()->message, "absent.so");
    /* A bare name is a file here, not a library of the system. */
    CHECK_STATUS(fel_library_open(&library, "Makefile"), FEL_ERR_IO);
    CHECK_HAS(fel_last_error()->message, "./Makefile: ");
    CHECK_STATUS(fel_library_open(&library, "libm.so.6"), FEL_ERR_IO);
    CHECK(library == NULL);
}

SUITE("engine/plugin", TEST(test_a_plugin_trades_like_a_strategy_that_is_built_in),
      TEST(test_a_plugin_that_fails_in_on_start_says_why),
      TEST(test_another_abi_is_refused_with_both_numbers), TEST(test_broken_tables_are_refused),
      TEST(test_files_that_are_no_library_are_refused));
