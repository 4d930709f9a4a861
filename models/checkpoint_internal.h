/* models/checkpoint_internal.h - descriptions of networks in sealed files: core/sealed.h. */
#ifndef FEL_MODELS_CHECKPOINT_INTERNAL_H
#define FEL_MODELS_CHECKPOINT_INTERNAL_H

#ifndef FEL_MODULE_MODELS
#error "models/checkpoint_internal.h belongs to models/"
#endif

#include <feller/model.h>

#include "core/sealed.h"

/* A network's description in the attributes of a group, inside an h5_scope. */
fel_status saved_put_network(hid_t group, const char *path, const fel_network *net);
fel_status saved_get_network(hid_t group, const char *path, fel_network_config *out);

#endif
