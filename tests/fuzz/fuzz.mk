# tests/fuzz/fuzz.mk - libFuzzer on one of tests/fuzz/fuzz_NAME.c. Included by the Makefile.
FUZZ      ?= csv
SECONDS   ?= 60
fuzz_out  := build/fuzz
fuzz_opt  := -O1 -g -ffp-contract=off -fno-omit-frame-pointer -fsanitize=address,undefined \
             -fno-sanitize-recover=all
fuzz_make  = $(again) CC=clang OUT=$(fuzz_out) CFLAGS="$(fuzz_opt) -fsanitize=fuzzer-no-link"
fuzz_src  := tests/fuzz/fuzz_main.c tests/fuzz/fuzz_file.c tests/fuzz/fuzz_$(FUZZ).c
.PHONY: fuzz

## fuzz: feed random inputs to a parser (FUZZ=csv|study|store|chain, SECONDS=60)
fuzz:
	@test -r tests/fuzz/fuzz_$(FUZZ).c || { echo "FUZZ = $(FUZZ) is not one of csv study store chain" >&2; exit 2; }
	@$(fuzz_make) $(fuzz_out)/fuzz-$(FUZZ)
	@mkdir -p $(fuzz_out)/found_$(FUZZ)
	TMPDIR=/dev/shm ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=1 OMP_WAIT_POLICY=passive \
	  $(fuzz_out)/fuzz-$(FUZZ) -max_total_time=$(SECONDS) -rss_limit_mb=4096 -timeout=20 \
	  -max_len=4096 -print_final_stats=1 -artifact_prefix=$(fuzz_out)/ \
	  $(fuzz_out)/found_$(FUZZ) tests/fuzz/corpus_$(FUZZ)

$(fuzz_out)/fuzz-$(FUZZ): $(fuzz_src) $(fuzz_out)/libfeller.a FORCE
	$(call say,LD,$@)
	$(Q)$(CC) $(filter-out -MMD -MP,$(FLAGS)) -fsanitize=fuzzer -DFUZZ_TARGET=fuzz_$(FUZZ) \
	  $(fuzz_src) $(fuzz_out)/libfeller.a -o $@ $(LDFLAGS) $(LDLIBS)
