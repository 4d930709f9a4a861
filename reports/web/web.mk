# web.mk - the page of the HTML report: npm packages, one bundle, embedded into the library as a C file.
WEB_SRC := $(sort $(wildcard reports/web/src/*.js reports/web/style/*.css)) \
           reports/web/template.html reports/web/pack.mjs reports/web/build.sh reports/web/package.json reports/web/package-lock.json
EXTRA_LIB_OBJS += $(OUT)/reports/web/report_assets.o

build/web/report_assets.c: $(WEB_SRC)
	$(call say,WEB,$@)
	@reports/web/build.sh build/web

$(OUT)/reports/web/report_assets.o: build/web/report_assets.c reports/html_internal.h
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(FLAGS) -DFEL_MODULE_REPORTS -c $< -o $@
