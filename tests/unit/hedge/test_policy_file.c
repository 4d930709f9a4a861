/* tests/unit/hedge/test_policy_file.c - policies in files: what is read is what was written, for
 * the policy it was written of. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tests/unit/hedge/hedge_train_fixture.h"

enum { PATH_SIZE = 512, MOST_PARAMS = 1024 };

static void path_in(char path[PATH_SIZE])
{
    (void)snprintf(path, PATH_SIZE, "%s/policies.h5", scratch_folder());
}

static void test_what_is_read_is_what_was_written(void)
{
    char path[PATH_SIZE];
    float a[MOST_PARAMS], b[MOST_PARAMS], found[MOST_PARAMS];
    const hedge_case how = hedge_case_default();
    hedge_world w = hedge_world_create(&how);
    const size_t bytes = fel_policy_count_params(w.policy) * sizeof(float);
    fel_policy_init_f32(w.policy, 1, a);
    fel_policy_init_f32(w.policy, 2, b);
    const fel_policy_entry entries[] = {{"adam/seed1", "", w.policy, a},
                                        {"kfac/seed2", "a note", w.policy, b}};
    path_in(path);
    CHECK_OK(fel_policies_write(path, entries, 2));
    CHECK_OK(fel_policies_read(path, "kfac/seed2", w.policy, found));
    CHECK(memcmp(found, b, bytes) == 0);
    CHECK_OK(fel_policies_read(path, "adam/seed1", w.policy, found));
    CHECK(memcmp(found, a, bytes) == 0);
    CHECK_STATUS(fel_policies_read(path, "adam/seed2", w.policy, found), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "there are: adam/seed1, kfac/seed2");
    /* A policy made anew from the same words is the same. */
    hedge_world again = hedge_world_create(&how);
    CHECK_OK(fel_policies_read(path, "kfac/seed2", again.policy, found));
    CHECK(memcmp(found, b, bytes) == 0);
    hedge_world_destroy(&again);
    hedge_world_destroy(&w);
}

static void test_names_are_unique(void)
{
    char path[PATH_SIZE];
    float a[MOST_PARAMS];
    const hedge_case how = hedge_case_default();
    hedge_world w = hedge_world_create(&how);
    fel_policy_init_f32(w.policy, 1, a);
    const fel_policy_entry entries[] = {
        {"x", "", w.policy, a}, {"y", "", w.policy, a}, {"x", "", w.policy, a}};
    path_in(path);
    CHECK_STATUS(fel_policies_write(path, entries, 3), FEL_ERR_ARG);
    CHECK_HAS(fel_last_error()->message, "two policies have the name \"x\"");
    CHECK(access(path, F_OK) != 0);
    CHECK_OK(fel_policies_write(path, entries, 0));
    CHECK_STATUS(fel_policies_read(path, "x", w.policy, a), FEL_ERR_NOTFOUND);
    CHECK_HAS(fel_last_error()->message, "there are: none");
    hedge_world_destroy(&w);
}

static void check_other(const char *path, const hedge_case *how, const char *words)
{
    float found[4 * MOST_PARAMS];
    hedge_world w = hedge_world_create(how);
    CHECK_STATUS(fel_policies_read(path, "x", w.policy, found), FEL_ERR_SHAPE);
    CHECK_HAS(fel_last_error()->message, "policies.h5: policy \"x\" is of another problem: it has");
    CHECK_HAS(fel_last_error()->message, words);
    hedge_world_destroy(&w);
}

static void test_policies_of_other_problems_are_refused(void)
{
    char path[PATH_SIZE];
    float a[MOST_PARAMS];
    const hedge_case kept = hedge_case_default();
    hedge_world w = hedge_world_create(&kept);
    fel_policy_init_f32(w.policy, 1, a);
    const fel_policy_entry entry = {"x", "", w.policy, a};
    path_in(path);
    CHECK_OK(fel_policies_write(path, &entry, 1));
    hedge_case how = kept;
    how.n_dates = 7;
    check_other(path, &how, "\"dates 6\", this one \"dates 7\"");
    how = kept;
    how.strike = 99.0;
    check_other(path, &how, "strike=99");
    how = kept;
    how.standardise = 0;
    check_other(path, &how, "feature log_moneyness");
    how = kept;
    how.features[2] = "variance";
    check_other(path, &how, "this one \"feature variance");
    how = kept;
    how.network = "mlp";
    check_other(path, &how, "network mlp");
    how = kept;
    how.hidden = 6;
    check_other(path, &how, "\"hidden 5\", this one \"hidden 6\"");
    hedge_world_destroy(&w);
    /* Costs are not what parameters have their meaning from. */
    how = kept;
    how.cost_bps = 50.0;
    w = hedge_world_create(&how);
    CHECK_OK(fel_policies_read(path, "x", w.policy, a));
    hedge_world_destroy(&w);
}

static void test_damaged_files_are_refused(void)
{
    char path[PATH_SIZE];
    float a[MOST_PARAMS];
    const hedge_case how = hedge_case_default();
    hedge_world w = hedge_world_create(&how);
    fel_policy_init_f32(w.policy, 1, a);
    const fel_policy_entry entry = {"x", "", w.policy, a};
    path_in(path);
    CHECK_STATUS(fel_policies_read(path, "x", w.policy, a), FEL_ERR_IO);
    CHECK_OK(fel_policies_write(path, &entry, 1));
    FILE *file = fopen(path, "r+b");
    CHECK(file != NULL);
    if (file != NULL) {
        CHECK(fseek(file, 0, SEEK_END) == 0);
        for (long size = ftell(file) - 1; size >= 0; size -= 1 + size / 3) {
            CHECK(ftruncate(fileno(file), size) == 0);
            CHECK_STATUS(fel_policies_read(path, "x", w.policy, a), FEL_ERR_FORMAT);
        }
        (void)fclose(file);
    }
    hedge_world_destroy(&w);
}

SUITE("hedge/policy_file", TEST(test_what_is_read_is_what_was_written), TEST(test_names_are_unique),
      TEST(test_policies_of_other_problems_are_refused), TEST(test_damaged_files_are_refused));
