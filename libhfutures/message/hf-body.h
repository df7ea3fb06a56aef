/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include <json-glib/json-glib.h>

#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_BODY (hf_body_get_type ())
HF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (HfBody, hf_body, HF, BODY, GObject)

HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_bytes    (GBytes             *bytes,
                                      const char         *content_type);
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_data     (const guint8       *data,
                                      gsize               length,
                                      const char         *content_type);
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_text     (const char         *text,
                                      const char         *content_type);
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_form     (const char * const *pairs);
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_fields   (const char         *first_name,
                                      ...) G_GNUC_NULL_TERMINATED;
HF_AVAILABLE_IN_1_0
HfBody     *hf_body_new_for_json     (JsonNode           *node);

HF_AVAILABLE_IN_1_0
GBytes     *hf_body_get_bytes        (HfBody             *self);
HF_AVAILABLE_IN_1_0
const char *hf_body_get_content_type (HfBody             *self);

G_END_DECLS
