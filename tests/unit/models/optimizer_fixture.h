/* tests/unit/models/optimizer_fixture.h - optimisers and schedules by text, and blocks to move. */
#ifndef FEL_TESTS_OPTIMIZER_FIXTURE_H
#define FEL_TESTS_OPTIMIZER_FIXTURE_H

#include <feller/optimizer.h>

enum { FIXTURE_BLOCKS = 3 };

/* "learning_rate=0.1,momentum=0.9" */
fel_optimizer_config optimizer_of(const char *name, const char *settings);
/* "cosine:final=0.07" */
fel_schedule schedule_of(const char *text);

/* n parameters (at least 4) as a weight, a bias of 1 and a scale of 2. */
void fixture_blocks(size_t n, fel_block_info blocks[FIXTURE_BLOCKS]);

fel_optimizer *fixture_f64(const fel_optimizer_config *config, size_t n);
fel_optimizer *fixture_f32(const fel_optimizer_config *config, size_t n);

/* The input of a step whose loss is `loss`, bound 0. */
fel_optimizer_input input_of(double loss);

/* All optimisers with awkward settings. */
typedef struct optimizer_case {
    const char *name, *settings;
} optimizer_case;
extern const optimizer_case optimizer_cases[];
extern const size_t n_optimizer_cases;

#endif
