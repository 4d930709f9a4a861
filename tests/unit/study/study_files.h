/* tests/unit/study/study_files.h - files for the tests of studies: texts, bars, studies that load.
 */
#ifndef FEL_TESTS_STUDY_FILES_H
#define FEL_TESTS_STUDY_FILES_H

#include <feller/study.h>

/* Write a text to a file; a check fails if it cannot be. */
void put_file(const char *path, const char *text);

/* n daily bars of a wave with a trend, from 2010-01-04 on, weekdays only, on a tick of 0.01.
 * `shift` moves the wave, so that several instruments differ. */
void put_bars(const char *path, int n, double shift);

/* Whole file as text; free() it. NULL if there is none. */
char *get_file(const char *path);

/* folder/name in a static buffer, good until the eighth call after. */
const char *in_folder(const char *folder, const char *name);

/* A study from a text in folder/study.yaml; NULL after a failed check. */
fel_study *load_study(const char *folder, const char *text);

/* Run a study from a text into folder/NAME with so many threads; the status. *run may be NULL. */
fel_status run_text(const char *folder, const char *text, const char *name, int n_threads,
                    fel_run **run);

#endif
