/* cli/cmd_version.c - feller version: what this is and what it was built with. */
#include <gsl/gsl_version.h>
#include <hdf5.h>
#include <jansson.h>
#include <string.h>
#include <yaml.h>

#include <feller/strategy.h>

#include "cli/cli_internal.h"

enum { KEY_JSON = 0x200 };

static const struct argp_option flags[] = {
    {"json", KEY_JSON, NULL, 0, "Print as JSON", 0},
    {NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
    int *json = state->input;
    if (key == KEY_JSON) {
        *json = 1;
        return 0;
    }
    return key == ARGP_KEY_ARG ? cli_usage("feller version", "feller version: no argument %s", text)
                               : ARGP_ERR_UNKNOWN;
}

int cmd_version(int argc, char **argv)
{
    static const struct argp argp = {flags, parse, NULL, "Print the version.", NULL, NULL, NULL};
    static const char hdf5[] = H5_VERS_INFO;
    int json = 0;
    const int code = cli_parse(&argp, argc, argv, &json);
    if (code != 0) {
        return code;
    }
    if (json) {
        (void)printf("{\"version\": \"%s\", \"plugin_abi\": %u, \"gsl\": \"%s\", \"hdf5\": \"%s\", "
                     "\"jansson\": \"%s\", \"libyaml\": \"%s\"}\n",
                     fel_version(), FEL_PLUGIN_ABI, gsl_version, hdf5 + strcspn(hdf5, "0123456789"),
                     jansson_version_str(), yaml_get_version_string());
        return CLI_DONE;
    }
    (void)printf("feller %s (plug-in ABI %u)\nGSL %s, %s, jansson %s, libyaml %s\n", fel_version(),
                 FEL_PLUGIN_ABI, gsl_version, hdf5, jansson_version_str(),
                 yaml_get_version_string());
    return CLI_DONE;
}
