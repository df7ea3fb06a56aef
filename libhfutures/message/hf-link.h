/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_LINK (hf_link_get_type ())

HF_AVAILABLE_IN_1_0
GType       hf_link_get_type       (void) G_GNUC_CONST;

HF_AVAILABLE_IN_1_0
HfLink     *hf_link_ref            (HfLink     *self);
HF_AVAILABLE_IN_1_0
void        hf_link_unref          (HfLink     *self);

HF_AVAILABLE_IN_1_0
const char *hf_link_get_uri        (HfLink     *self);
HF_AVAILABLE_IN_1_0
const char *hf_link_get_relation   (HfLink     *self);
HF_AVAILABLE_IN_1_0
gboolean    hf_link_has_relation   (HfLink     *self,
                                    const char *relation);
HF_AVAILABLE_IN_1_0
char      **hf_link_list_params    (HfLink     *self);
HF_AVAILABLE_IN_1_0
const char *hf_link_get_param      (HfLink     *self,
                                    const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfLink, hf_link_unref)

G_END_DECLS
