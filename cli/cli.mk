# cli.mk - the templates of `feller new` as a C file, and what a manifest says about the build.
TEMPLATES := tools/new/strategy.c.in tools/new/study.yaml.in

build/cli/cli_templates.c: $(TEMPLATES) cli/cli.mk
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	@{ echo '/* $@ - made from tools/new by cli/cli.mk. */'; \
	   echo '#include "cli/cli_internal.h"'; \
	   for name in strategy study; do \
	     echo "const char cli_template_$$name[] = {"; \
	     od -An -v -tu1 tools/new/$$name.*.in | sed 's/  *\([0-9][0-9]*\)/\1,/g'; \
	     echo '0};'; \
	   done; } >$@

$(OUT)/cli/cli_templates.o: build/cli/cli_templates.c cli/cli_internal.h $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(FLAGS) -DFEL_MODULE_CLI -c $< -o $@
$(OUT)/feller: $(OUT)/cli/cli_templates.o

# Paths of the machine that built it are nobody's business: only what decides bits.
$(OUT)/study/study_machine.o: FLAGS += -DFEL_BUILD_FLAGS='"$(strip $(filter -O% -f% -m%,$(CFLAGS)))"'
