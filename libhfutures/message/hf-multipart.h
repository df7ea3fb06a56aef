/* SPDX-License-Identifier: LGPL-2.1-or-later
 * SPDX-FileCopyrightText: 2026 The libhfutures authors
 */
#pragma once

#include "hf-types.h"

G_BEGIN_DECLS

#define HF_TYPE_MULTIPART (hf_multipart_get_type ())
HF_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (HfMultipart, hf_multipart, HF, MULTIPART, GObject)

HF_AVAILABLE_IN_1_0
HfMultipart *hf_multipart_new          (void);
HF_AVAILABLE_IN_1_0
void         hf_multipart_append_text  (HfMultipart *self,
                                        const char  *name,
                                        const char  *value);
HF_AVAILABLE_IN_1_0
void         hf_multipart_append_bytes (HfMultipart *self,
                                        const char  *name,
                                        GBytes      *bytes,
                                        const char  *file_name,
                                        const char  *content_type);
HF_AVAILABLE_IN_1_0
void         hf_multipart_append_file  (HfMultipart *self,
                                        const char  *name,
                                        GFile       *file,
                                        const char  *file_name,
                                        const char  *content_type);
HF_AVAILABLE_IN_1_0
void         hf_multipart_append_body  (HfMultipart *self,
                                        const char  *name,
                                        HfBody      *body,
                                        const char  *file_name);
HF_AVAILABLE_IN_1_0
void         hf_multipart_append_header (HfMultipart *self,
                                        const char  *name,
                                        const char  *value);

G_END_DECLS
